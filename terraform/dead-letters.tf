# What could not be delivered, for two weeks. Mails have none: SNS counts a mail as delivered when it has left.
locals {
  dead_letter_queues = var.dead_letter_queues_enabled ? {
    schedule      = "${var.project}-ca-schedule-dead-letters-${var.env}"
    notifications = "${var.project}-ca-notifications-dead-letters-${var.env}"
  } : {}
  dead_letters = {
    schedule      = "starts of the pipeline and of CRLs that failed: the function or state machine could not be started"
    notifications = "notifications that a function, a queue or the topic did not take"
  }
  dead_letter_arns = { for use, queue in aws_sqs_queue.dead_letters : use => queue.arn }

  schedule_dead_letters = [for use, arn in local.dead_letter_arns : arn if use == "schedule"]
  notification_letters  = [for use, arn in local.dead_letter_arns : arn if use == "notifications"]
  topic_redrive_policy  = one([for arn in local.notification_letters : jsonencode({ deadLetterTargetArn = arn })])

  # EventBridge and SNS write by the queue's policy, the schedules by their role.
  dead_letter_senders = {
    schedule = []
    notifications = [for sender in [
      { sid = "Topic", service = "sns.amazonaws.com", sources = [local.topic_arn] },
      { sid = "KeyEvents", service = "events.amazonaws.com", sources = local.key_rule_arns },
    ] : sender if length(sender.sources) > 0]
  }
}

resource "aws_sqs_queue" "dead_letters" {
  for_each = local.dead_letter_queues

  name                      = each.value
  message_retention_seconds = 1209600 # two weeks, SQS's most
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue_policy" "dead_letters" {
  for_each = local.dead_letter_queues

  queue_url = aws_sqs_queue.dead_letters[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for sender in local.dead_letter_senders[each.key] : {
        Sid       = sender.sid
        Effect    = "Allow"
        Principal = { Service = sender.service }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.dead_letters[each.key].arn
        Condition = { ArnEquals = { "aws:SourceArn" = sender.sources } }
      }],
      [{
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.dead_letters[each.key].arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
    )
  })
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = var.alarms_enabled ? local.dead_letter_queues : {}

  alarm_name          = "${each.value}-Waiting"
  alarm_description   = "The queue ${each.value} holds ${local.dead_letters[each.key]}."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters[each.key].name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "ignore" # SQS stops reporting of a queue that nobody touches for six hours: what is in it is still there
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  tags                = var.tags
}
