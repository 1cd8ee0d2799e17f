resource "aws_iam_role" "scheduler" {
  name = "${var.project}-scheduler-${var.env}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
  tags = var.tags

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_iam_role_policy" "scheduler" {
  name = "${var.project}-scheduler-${var.env}"
  role = aws_iam_role.scheduler.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "StartPipeline"
        Effect   = "Allow"
        Action   = "states:StartExecution"
        Resource = local.state_machine_arn
      }],
      var.crl_schedule == "" ? [] : [{
        Sid      = "PublishCrls"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = [for name in local.crl_functions : module.function[name].arn]
      }],
      [for arn in local.schedule_dead_letters : {
        Sid      = "KeepWhatDidNotStart"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = arn
      }],
    )
  })

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_scheduler_schedule" "pipeline" {
  name                = "${var.project}-ca-${var.env}"
  group_name          = "default"
  schedule_expression = var.schedule_expression

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.pipeline.arn
    role_arn = aws_iam_role.scheduler.arn

    dynamic "dead_letter_config" {
      for_each = local.schedule_dead_letters

      content {
        arn = dead_letter_config.value
      }
    }
  }

  lifecycle {
    ignore_changes = [name]
  }
}
