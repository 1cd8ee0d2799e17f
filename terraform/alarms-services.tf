# Faults of the services that the functions work with: they retry, so a single fault is none of an operator's business.
locals {
  retried_calls = 4 # attempts of a call (AwsRetryPolicy.Attempts): as many faults may have ended one

  watched_tables     = var.alarms_enabled ? { ca = aws_dynamodb_table.ca, index = aws_dynamodb_table.index } : {}
  watched_operations = ["Query", "TransactWriteItems"] # one that reads and one that writes: each metric of an alarm costs
  table_queries = merge([for key, table in local.watched_tables : {
    "${key}-Throttled" = {
      table = table.name
      what  = "throttled calls of the functions: see the metrics of table and indexes"
      parts = merge([for kind in ["Read", "Write"] : merge(
        { lower(kind) = { metric = "${kind}ThrottleEvents", dimensions = { TableName = table.name } } },
        # The metric of a table leaves out its indexes. An alarm takes ten metrics at most: a table may have four indexes.
        { for index in table.global_secondary_index : "${lower(kind)}_${lower(index.name)}" => {
          metric     = "${kind}ThrottleEvents"
          dimensions = { TableName = table.name, GlobalSecondaryIndexName = index.name }
        } },
      )]...)
    }
    "${key}-SystemErrors" = {
      table = table.name
      what  = "could not answer calls of the functions: see health.aws.amazon.com"
      parts = { for operation in local.watched_operations : lower(operation) => {
        metric     = "SystemErrors"
        dimensions = { TableName = table.name, Operation = operation }
      } }
    }
  }]...)
}

# Throttled starts are retried, by the state machine for half an hour and by Lambda for six hours. Fifteen minutes of them within
# twenty are no peak any more: the account's limit of concurrent calls is too low, or something else uses it up.
resource "aws_cloudwatch_metric_alarm" "throttles" {
  for_each = var.alarms_enabled ? local.function_names : toset([])

  alarm_name          = "${var.project}-${each.key}-${var.env}-Throttles"
  alarm_description   = "Calls of the function ${var.project}-${each.key}-${var.env} are throttled again and again: the account's limit of concurrent calls is too low, or another function uses it up."
  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = module.function[each.key].name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 4
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  tags                = var.tags
}

# A subscriber did not take a notification. Of HTTP subscribers each attempt counts, of all others what is left after SNS's own retries.
resource "aws_cloudwatch_metric_alarm" "topic" {
  for_each = toset(var.alarms_enabled ? concat(["NumberOfNotificationsFailed"], var.dead_letter_queues_enabled ? ["NumberOfNotificationsFailedToRedriveToDlq"] : []) : [])

  alarm_name          = "${local.topic_name}-${each.key == "NumberOfNotificationsFailed" ? "Undelivered" : "Lost"}"
  alarm_description   = "A subscriber of ${local.topic_name} did not get a notification${each.key == "NumberOfNotificationsFailed" ? " (an HTTP subscriber perhaps at a later attempt)" : ", and the queue for such notifications did not take it"}. If it is the one who reads this, others did not."
  namespace           = "AWS/SNS"
  metric_name         = each.key
  dimensions          = { TopicName = aws_sns_topic.notifications.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  tags                = var.tags
}

resource "aws_cloudwatch_metric_alarm" "table" {
  for_each = local.table_queries

  alarm_name          = "${var.project}-${each.key}-${var.env}"
  alarm_description   = "The table ${each.value.table} ${each.value.what}."
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = local.retried_calls
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  tags                = var.tags

  # DynamoDB reports a metric only when there is something to report.
  metric_query {
    id          = "all"
    expression  = join(" + ", [for id in keys(each.value.parts) : "FILL(${id}, 0)"])
    label       = each.key
    return_data = true
  }

  dynamic "metric_query" {
    for_each = each.value.parts

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/DynamoDB"
        metric_name = metric_query.value.metric
        dimensions  = metric_query.value.dimensions
        stat        = "Sum"
        period      = 300
      }
    }
  }
}
