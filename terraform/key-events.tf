# Who disables a CA key, schedules its deletion, or changes who may use it, is reported to the topic within minutes. The calls come from
# CloudTrail: the account needs a trail with management events. The deletion itself is an event of KMS and needs none.
locals {
  watched_keys = {
    "root CA"            = aws_kms_key.root_ca
    "issuing CA"         = aws_kms_key.issuing_ca
    "tables and secrets" = aws_kms_key.tls_keygen
  }
  watched_key_arns    = [for key in local.watched_keys : key.arn]
  watched_key_aliases = [aws_kms_alias.root_ca.name, aws_kms_alias.issuing_ca.name, aws_kms_alias.tls_keygen.name]

  # What changes a key's state, its policy, who else may use it, or which key a name means.
  key_calls = [
    "CancelKeyDeletion", "CreateGrant", "DeleteAlias", "DeleteImportedKeyMaterial", "DisableKey", "DisableKeyRotation", "EnableKey",
    "ImportKeyMaterial", "PutKeyPolicy", "ReplicateKey", "RetireGrant", "RevokeGrant", "ScheduleKeyDeletion", "UpdateAlias",
    "UpdatePrimaryRegion",
  ]

  # Calls name a key by its id, its ARN or an alias; CloudTrail adds the ARN, though not to every refused call.
  key_call_pattern = {
    source        = ["aws.kms"]
    "detail-type" = ["AWS API Call via CloudTrail"]
    detail = {
      eventSource = ["kms.amazonaws.com"]
      eventName   = local.key_calls
      "$or" = [
        { resources = { ARN = local.watched_key_arns } },
        { requestParameters = { keyId = concat(local.watched_key_arns, [for key in local.watched_keys : key.key_id]) } },
        { requestParameters = { aliasName = local.watched_key_aliases } },
      ]
    }
  }
  key_deletion_pattern = {
    source        = ["aws.kms"]
    "detail-type" = ["KMS CMK Deletion"]
    resources     = local.watched_key_arns
  }

  key_rules = !var.alarms_enabled ? {} : {
    calls = {
      name        = "${var.project}-ca-key-calls-${var.env}"
      description = "Calls that disable, delete or give away a key of the CA"
      pattern     = local.key_call_pattern
      # CreateGrant by DynamoDB and other services for the key of the tables is everyday work; a person's or role's is not.
      paths = {
        action  = "$.detail.eventName"
        by      = "$.detail.userIdentity.arn"
        error   = "$.detail.errorCode"
        from    = "$.detail.sourceIPAddress"
        key     = "$.detail.resources[0].ARN"
        request = "$.detail.requestParameters"
        time    = "$.time"
        id      = "$.detail.eventID"
      }
      template = <<-TEXT
        {"Event": "CA Key Call", "Action": "<action>", "Key": "<key>", "By": "<by>", "From": "<from>", "Error": "<error>", "Time": "<time>", "EventId": "<id>", "Request": <request>}
      TEXT
    }
    deletion = {
      name        = "${var.project}-ca-key-deleted-${var.env}"
      description = "A key of the CA was deleted: nothing can bring it back"
      pattern     = local.key_deletion_pattern
      paths       = { key = "$.resources[0]", time = "$.time" }
      template    = <<-TEXT
        {"Event": "CA Key Deleted", "Key": "<key>", "Time": "<time>"}
      TEXT
    }
  }
  key_rule_arns = [for rule in local.key_rules : "arn:${local.partition}:events:${local.region}:${local.account}:rule/${rule.name}"]
}

resource "aws_cloudwatch_event_rule" "keys" {
  for_each = local.key_rules

  name          = each.value.name
  description   = each.value.description
  event_pattern = jsonencode(each.value.pattern)
  tags          = var.tags
}

resource "aws_cloudwatch_event_target" "keys" {
  for_each = local.key_rules

  rule      = aws_cloudwatch_event_rule.keys[each.key].name
  target_id = "topic"
  arn       = aws_sns_topic.notifications.arn

  input_transformer {
    input_paths    = each.value.paths
    input_template = trimspace(each.value.template)
  }

  dynamic "dead_letter_config" {
    for_each = local.notification_letters

    content {
      arn = dead_letter_config.value
    }
  }
}

# With a policy of your own (sns_policy) or a key of your own the topic may refuse EventBridge.
resource "aws_cloudwatch_metric_alarm" "key_events" {
  for_each = local.key_rules

  alarm_name          = "${each.value.name}-Undelivered"
  alarm_description   = "An event of a key of ${var.project}-${var.env} did not reach the topic: look for it in CloudTrail, and at the policies of topic and key."
  namespace           = "AWS/Events"
  metric_name         = "FailedInvocations"
  dimensions          = { RuleName = aws_cloudwatch_event_rule.keys[each.key].name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
  tags                = var.tags
}
