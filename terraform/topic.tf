locals {
  topic_name = var.custom_sns_topic_name == "" ? "${var.project}-ca-notifications-${var.env}" : var.custom_sns_topic_name
  topic_arn  = "arn:${local.partition}:sns:${local.region}:${local.account}:${local.topic_name}"

  # The sender of its mails, as the original named it: Serverless CA Notifications Dev.
  topic_title = replace(title(replace("${var.project}-ca-notifications-${var.env}", "-", " ")), " Ca ", " CA ")

  topic_statements = concat(
    [
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = local.account_root }
        Action = [
          "sns:AddPermission", "sns:DeleteTopic", "sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic", "sns:Publish",
          "sns:RemovePermission", "sns:SetTopicAttributes", "sns:Subscribe",
        ]
        Resource = local.topic_arn
      },
    ],
    [for publisher in local.topic_services : merge(
      {
        Sid       = publisher.sid
        Effect    = "Allow"
        Principal = { Service = publisher.service }
        Action    = "sns:Publish"
        Resource  = local.topic_arn
      },
      length(publisher.source) == 0 ? {} : { Condition = { StringEquals = publisher.source } },
    )],
    var.sns_policy_template != "cross-account" ? [] : [
      {
        Sid       = "WorkloadAccount"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${var.workload_account_id}:root" }
        Action    = ["sns:ListSubscriptionsByTopic", "sns:Subscribe"]
        Resource  = local.topic_arn
      },
    ],
    [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = local.topic_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ],
  )
}

resource "aws_sns_topic" "notifications" {
  name              = local.topic_name
  display_name      = [for name in [var.custom_sns_topic_display_name, var.custom_sns_topic_name, local.topic_title] : name if name != ""][0]
  kms_master_key_id = local.resource_key
  policy            = var.sns_policy == "" ? jsonencode({ Version = "2012-10-17", Statement = local.topic_statements }) : var.sns_policy
  tags              = merge(var.tags, { Name = local.topic_name })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.sns_email_subscriptions)

  topic_arn            = aws_sns_topic.notifications.arn
  protocol             = "email"
  endpoint             = each.key
  raw_message_delivery = false
}

# Slack's function among them, under the key that it always had.
resource "aws_sns_topic_subscription" "lambda" {
  for_each = merge(var.sns_lambda_subscriptions, local.slack ? { notify = module.function["notify"].arn } : {})

  topic_arn            = aws_sns_topic.notifications.arn
  protocol             = "lambda"
  endpoint             = each.value
  raw_message_delivery = false
  redrive_policy       = local.topic_redrive_policy
}

resource "aws_sns_topic_subscription" "sqs" {
  for_each = var.sns_sqs_subscriptions

  topic_arn            = aws_sns_topic.notifications.arn
  protocol             = "sqs"
  endpoint             = each.value
  raw_message_delivery = true
  redrive_policy       = local.topic_redrive_policy
}
