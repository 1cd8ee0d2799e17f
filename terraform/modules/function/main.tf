resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
}

resource "aws_cloudwatch_log_subscription_filter" "function" {
  count = var.log_destination == null ? 0 : 1

  name            = "${lower(var.name)}-logs"
  log_group_name  = aws_cloudwatch_log_group.function.name
  filter_pattern  = var.filter_pattern
  destination_arn = var.log_destination

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_iam_role" "function" {
  name = var.role_name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
  tags = var.tags

  lifecycle {
    ignore_changes = [name] # policies elsewhere may name the role
  }
}

resource "aws_iam_role_policy" "function" {
  name = var.role_name
  role = aws_iam_role.function.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.function.arn}:*"
      }],
      var.xray_enabled ? [{
        Sid      = "Tracing" # these actions know no resources
        Effect   = "Allow"
        Action   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
        Resource = "*"
      }] : [],
      var.statements,
    )
  })

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_lambda_function" "function" {
  function_name     = var.name
  description       = "${var.description} (Serverless CA ${var.product_version})"
  role              = aws_iam_role.function.arn
  runtime           = "provided.al2023"
  handler           = var.handler
  architectures     = [var.architecture]
  filename          = var.package.filename
  s3_bucket         = var.package.s3_bucket
  s3_key            = var.package.s3_key
  s3_object_version = var.package.s3_object_version
  source_code_hash  = var.package.hash
  memory_size       = var.memory_size
  timeout           = var.timeout
  publish           = true
  tags              = merge({ serverless-ca-version = var.product_version }, var.tags)

  environment {
    variables = var.environment
  }

  logging_config {
    log_format = "JSON" # the functions write JSON lines then, as Lambda itself does
    log_group  = aws_cloudwatch_log_group.function.name
  }

  tracing_config {
    mode = var.xray_enabled ? "Active" : "PassThrough"
  }

  depends_on = [aws_cloudwatch_log_group.function, aws_iam_role_policy.function]

  lifecycle {
    precondition {
      condition     = length(jsonencode(var.environment)) <= 4096 # bytes of all variables: AWS Lambda quotas
      error_message = "The variables of ${var.name} have ${length(jsonencode(var.environment))} characters, and Lambda takes 4096: shorten the longest settings, such as request_policies, lint_ignore and the lists of object identifiers."
    }
  }
}

resource "aws_lambda_alias" "function" {
  name             = var.name
  description      = "Alias for ${var.name}"
  function_name    = aws_lambda_function.function.function_name
  function_version = aws_lambda_function.function.version
}

resource "aws_lambda_permission" "invoke" {
  for_each = toset(var.invoke_principals)

  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function.function_name
  principal     = each.value
}

# IAM allows exactly the ARN that is invoked: who may invoke one of these may neither invoke another nor the function itself.
resource "aws_lambda_alias" "further" {
  for_each = var.alias_principals

  name             = each.key
  description      = "Callers with the policy ${each.key}"
  function_name    = aws_lambda_function.function.function_name
  function_version = aws_lambda_function.function.version
}

resource "aws_lambda_permission" "further" {
  for_each = merge([for alias, principals in var.alias_principals : {
    for principal in principals : "${alias} ${principal}" => { alias = alias, principal = principal }
  }]...)

  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function.function_name
  qualifier     = aws_lambda_alias.further[each.value.alias].name
  principal     = each.value.principal
}
