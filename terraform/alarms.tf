locals {
  # The line that a function writes when a CRL is in place in the bucket.
  crl_pattern   = "{ $.event = \"CrlInPlace\" }"
  crl_namespace = "ServerlessCA"
  crl_alarms    = var.alarms_enabled ? module.crl_times.alarms : {}

  # Who hears of alarms, also of their end where that says more than the next event.
  alarm_actions = concat([aws_sns_topic.notifications.arn], var.alarm_actions)

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
  alarm_actions       = local.alarm_actions
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
  alarm_actions       = local.alarm_actions
  tags                = var.tags
}

resource "aws_cloudwatch_log_metric_filter" "crl" {
  for_each = local.crl_alarms

  name           = "${var.project}-${each.key}-${var.env}-Published"
  log_group_name = module.function[each.key].log_group_name
  pattern        = local.crl_pattern

  metric_transformation {
    name      = "${var.project}-${each.key}-${var.env}-Published"
    namespace = local.crl_namespace
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "crl" {
  for_each = local.crl_alarms

  alarm_name          = "${var.project}-${each.key}-${var.env}-Overdue"
  alarm_description   = "${var.project}-${each.key}-${var.env} has published no CRL for ${floor(each.value.period * each.value.count / 60)} minutes; each is good for ${floor(local.crl_lives[each.key] / 60)} minutes."
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  evaluation_periods  = each.value.count
  datapoints_to_alarm = each.value.count
  treat_missing_data  = "breaching"
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  tags                = var.tags

  # Periods without a CRL count as none: where data is missing, CloudWatch would go by older data than the alarm looks at.
  metric_query {
    id          = "crls"
    expression  = "FILL(published, 0)"
    label       = "CRLs published"
    return_data = true
  }

  metric_query {
    id = "published"

    metric {
      namespace   = local.crl_namespace
      metric_name = aws_cloudwatch_log_metric_filter.crl[each.key].metric_transformation[0].name
      stat        = "Sum"
      period      = each.value.period
    }
  }
}
