# One page: what is wrong now, what the CA did, and what it works with.
locals {
  dashboard_alarms = concat(
    values(aws_cloudwatch_metric_alarm.pipeline)[*].arn, values(aws_cloudwatch_metric_alarm.crl)[*].arn,
    values(aws_cloudwatch_metric_alarm.ca)[*].arn, values(aws_cloudwatch_metric_alarm.key_events)[*].arn,
    values(aws_cloudwatch_metric_alarm.topic)[*].arn, values(aws_cloudwatch_metric_alarm.dead_letters)[*].arn,
    values(aws_cloudwatch_metric_alarm.function)[*].arn, values(aws_cloudwatch_metric_alarm.throttles)[*].arn,
    values(aws_cloudwatch_metric_alarm.table)[*].arn,
  )

  # Each graph: its title, how it sums up an interval, the interval in seconds, and its metrics.
  dashboard_graphs = [for graph in [
    {
      title  = "Runs of the pipeline", stat = "Sum", period = 3600
      series = [for metric in ["ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"] : ["AWS/States", metric, "StateMachineArn", aws_sfn_state_machine.pipeline.arn]]
    },
    {
      title  = "CRLs published", stat = "Sum", period = 3600
      series = [for filter in aws_cloudwatch_log_metric_filter.crl : [local.crl_namespace, filter.metric_transformation[0].name]]
    },
    {
      title  = "Age of the CRLs at their public URLs, s", stat = "Maximum", period = 3600
      series = [for key, filter in aws_cloudwatch_log_metric_filter.ca : [local.crl_namespace, filter.metric_transformation[0].name] if endswith(key, "-PublicAge")]
    },
    {
      title  = "Days that the CAs are valid", stat = "Minimum", period = 86400
      series = [for key, filter in aws_cloudwatch_log_metric_filter.ca : [local.crl_namespace, filter.metric_transformation[0].name] if endswith(key, "-CaDays")]
    },
    {
      title  = "Calls of functions", stat = "Sum", period = 300
      series = [for name in local.function_names : ["AWS/Lambda", "Invocations", "FunctionName", module.function[name].name]]
    },
    {
      title  = "Failed calls of functions", stat = "Sum", period = 300
      series = [for name in local.function_names : ["AWS/Lambda", "Errors", "FunctionName", module.function[name].name]]
    },
    {
      title  = "Throttled calls of functions", stat = "Sum", period = 300
      series = [for name in local.function_names : ["AWS/Lambda", "Throttles", "FunctionName", module.function[name].name]]
    },
    {
      title  = "Duration of functions, ms, 99th percentile", stat = "p99", period = 300
      series = [for name in local.function_names : ["AWS/Lambda", "Duration", "FunctionName", module.function[name].name]]
    },
    {
      title  = "Notifications", stat = "Sum", period = 300
      series = [for metric in ["NumberOfMessagesPublished", "NumberOfNotificationsDelivered", "NumberOfNotificationsFailed"] : ["AWS/SNS", metric, "TopicName", aws_sns_topic.notifications.name]]
    },
    {
      title = "Tables: units used, throttled calls", stat = "Sum", period = 300
      series = [for pair in setproduct(
        [aws_dynamodb_table.ca.name, aws_dynamodb_table.index.name],
        ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents"],
      ) : ["AWS/DynamoDB", pair[1], "TableName", pair[0]]]
    },
    {
      title  = "Not delivered, not started", stat = "Maximum", period = 300
      series = [for queue in aws_sqs_queue.dead_letters : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue.name]]
    },
  ] : graph if length(graph.series) > 0]

  dashboard_alarm_rows = 2 + ceil(length(local.dashboard_alarms) / 4)
}

resource "aws_cloudwatch_dashboard" "ca" {
  count = var.dashboard_enabled ? 1 : 0

  dashboard_name = "${var.project}-ca-${var.env}"
  dashboard_body = jsonencode({
    widgets = concat(
      [for arns in [local.dashboard_alarms] : {
        type       = "alarm"
        x          = 0
        y          = 0
        width      = 24
        height     = local.dashboard_alarm_rows
        properties = { title = "Alarms of ${var.project}-${var.env}", alarms = arns }
      } if length(arns) > 0],
      [for place, graph in local.dashboard_graphs : {
        type   = "metric"
        x      = place % 3 * 8
        y      = local.dashboard_alarm_rows + floor(place / 3) * 6
        width  = 8
        height = 6
        properties = {
          title   = graph.title
          region  = local.region
          view    = "timeSeries"
          stat    = graph.stat
          period  = graph.period
          metrics = graph.series
        }
      }],
    )
  })
}
