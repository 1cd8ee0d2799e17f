locals {
  # Hours within which a CRL must have been published, seen for each CA by the runs of its function that went well. An
  # alarm looks back seven days at most: a schedule rarer than that has none.
  crl_hours = { for name, seconds in {
    root-ca-crl    = var.root_crl_days * 86400 + var.root_crl_seconds
    issuing-ca-crl = var.issuing_crl_days * 86400 + var.issuing_crl_seconds
  } : name => floor(seconds / 3600) + 1 }
  crl_alarms = { for name, hours in local.crl_hours : name => min(hours, 168) if var.alarms_enabled && local.schedule_interval < 7 * 86400 }

  pipeline_alarms = var.alarms_enabled ? {
    ExecutionsFailed   = "failed; the execution's cause says what failed"
    ExecutionsAborted  = "was aborted"
    ExecutionsTimedOut = "timed out"
  } : {}
}

resource "aws_cloudwatch_metric_alarm" "pipeline" {
  for_each = local.pipeline_alarms

  alarm_name          = "${local.state_machine_name}-${each.key}"
  alarm_description   = "A run of the state machine ${local.state_machine_name} ${each.value}."
  namespace           = "AWS/States"
  metric_name         = each.key
  dimensions          = { StateMachineArn = aws_sfn_state_machine.pipeline.arn }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.notifications.arn]
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = var.alarms_enabled ? local.function_names : toset([])

  alarm_name          = "${var.project}-${each.key}-${var.env}-Errors"
  alarm_description   = "The function ${var.project}-${each.key}-${var.env} failed: see its log group."
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = module.function[each.key].name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.notifications.arn]
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "crl" {
  for_each = local.crl_alarms

  alarm_name          = "${var.project}-${each.key}-${var.env}-Overdue"
  alarm_description   = "${var.project}-${each.key}-${var.env} has published no CRL for ${each.value} hours: the one in place expires."
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  evaluation_periods  = each.value
  datapoints_to_alarm = each.value
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.notifications.arn]
  ok_actions          = [aws_sns_topic.notifications.arn]
  tags                = var.tags

  metric_query {
    id          = "published"
    expression  = "invocations - errors"
    label       = "Runs that went well"
    return_data = true
  }

  metric_query {
    id = "invocations"

    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Invocations"
      dimensions  = { FunctionName = module.function[each.key].name }
      stat        = "Sum"
      period      = 3600
    }
  }

  metric_query {
    id = "errors"

    metric {
      namespace   = "AWS/Lambda"
      metric_name = "Errors"
      dimensions  = { FunctionName = module.function[each.key].name }
      stat        = "Sum"
      period      = 3600
    }
  }
}
