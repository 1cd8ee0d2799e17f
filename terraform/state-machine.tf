locals {
  state_machine_name = "${var.project}-ca-${var.env}"
  state_machine_arn  = "arn:${local.partition}:states:${local.region}:${local.account}:stateMachine:${local.state_machine_name}"
  executions_arn     = "arn:${local.partition}:states:${local.region}:${local.account}:execution:${local.state_machine_name}"

  # Without GitOps a run ends with the CRLs.
  pipeline_functions = concat(
    ["create-root-ca", "create-issuing-ca", "root-ca-crl", "issuing-ca-crl"],
    local.gitops ? ["tls-cert"] : [],
    local.gitops && local.reminders ? ["expiry"] : [],
  )

  state_machine_statements = concat(
    [
      {
        Sid      = "InvokeFunctions"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = [for name in local.pipeline_functions : module.function[name].arn]
      },
    ],
    # A distributed map starts an execution of its own machine for each entry.
    local.gitops ? [
      {
        Sid      = "StartMap"
        Effect   = "Allow"
        Action   = "states:StartExecution"
        Resource = local.state_machine_arn
      },
    ] : [],
    local.gitops ? [
      {
        Sid      = "FollowMap"
        Effect   = "Allow"
        Action   = ["states:DescribeExecution", "states:StopExecution"]
        Resource = ["${local.executions_arn}:*", "${local.executions_arn}/*"]
      },
    ] : [],
    local.gitops ? [
      {
        Sid      = "ReadList"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${module.internal_s3.arn}/tls.json"
      },
    ] : [],
    [for statement in local.may_use_bucket_keys.Decrypt : statement if local.gitops],
    [
      {
        Sid    = "Logs" # delivery of vended logs knows no resources
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
          "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
        ]
        Resource = "*"
      },
    ],
    var.xray_enabled ? [
      {
        Sid      = "Tracing" # these actions know no resources
        Effect   = "Allow"
        Action   = ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = "*"
      },
    ] : [],
  )
}

resource "aws_iam_role" "state_machine" {
  name = local.state_machine_name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
  tags = var.tags

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_iam_role_policy" "state_machine" {
  name   = local.state_machine_name
  role   = aws_iam_role.state_machine.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.state_machine_statements })

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_cloudwatch_log_group" "state_machine" {
  name              = "/aws/vendedlogs/states/${local.state_machine_name}"
  retention_in_days = var.state_machine_log_retention_in_days
  tags              = var.tags
}

resource "aws_sfn_state_machine" "pipeline" {
  name     = local.state_machine_name
  role_arn = aws_iam_role.state_machine.arn
  definition = templatefile("${path.module}/state-machine.asl.json.tftpl", {
    partition       = local.partition
    functions       = { for name in local.pipeline_functions : name => module.function[name].arn }
    internal_bucket = module.internal_s3.name
    max_concurrency = var.max_concurrency
    gitops          = local.gitops
    expiry          = local.gitops && local.reminders
  })
  tags = var.tags

  logging_configuration {
    log_destination        = "${aws_cloudwatch_log_group.state_machine.arn}:*"
    include_execution_data = false # entries and certificates do not belong into logs
    level                  = "ALL"
  }

  tracing_configuration {
    enabled = var.xray_enabled
  }

  depends_on = [aws_iam_role_policy.state_machine]
}
