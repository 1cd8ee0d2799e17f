# Who disables a CA key, schedules its deletion, or changes who may use it, is reported to the topic within minutes. The calls come from
# CloudTrail: the account needs a trail with management events. The deletion itself is an event of KMS and needs none.
locals {
  # What changes a key's state or policy, or which key a name means.
  key_calls = [
    "CancelKeyDeletion", "DeleteAlias", "DeleteImportedKeyMaterial", "DisableKey", "EnableKey", "ImportKeyMaterial", "PutKeyPolicy",
    "ReplicateKey", "ScheduleKeyDeletion", "UpdateAlias", "UpdatePrimaryRegion",
  ]

  # Nobody needs a grant of a CA key. The key of the tables has grants for DynamoDB, which come and go.
  watched_keys = {
    ca     = { calls = concat(local.key_calls, ["CreateGrant", "RetireGrant", "RevokeGrant"]), keys = [aws_kms_key.root_ca, aws_kms_key.issuing_ca], aliases = [aws_kms_alias.root_ca, aws_kms_alias.issuing_ca] }
    tables = { calls = concat(local.key_calls, ["DisableKeyRotation"]), keys = [aws_kms_key.tls_keygen], aliases = [aws_kms_alias.tls_keygen] }
  }

  # A call names a key by its id, its ARN or an alias; CloudTrail adds the ARN, though not to every refused call.
  key_call_patterns = { for name, watched in local.watched_keys : name => {
    source        = ["aws.kms"]
    "detail-type" = ["AWS API Call via CloudTrail"]
    detail = {
      eventSource = ["kms.amazonaws.com"]
      eventName   = watched.calls
      "$or" = [
        { resources = { ARN = watched.keys[*].arn } },
        { requestParameters = { keyId = concat(watched.keys[*].arn, watched.keys[*].key_id) } },
        { requestParameters = { aliasName = watched.aliases[*].name } },
      ]
    }
  } }
  key_deletion_pattern = {
    source        = ["aws.kms"]
    "detail-type" = ["KMS CMK Deletion"]
    resources     = flatten([for watched in local.watched_keys : watched.keys[*].arn])
  }

  key_rules = { for name, rule in merge(
    { for name, pattern in local.key_call_patterns : name => {
      name        = "${var.project}-${name}-key-calls-${var.env}"
      description = "Calls that disable, delete or give away ${name == "ca" ? "a key of the CA" : "the key of tables and topic"}"
      pattern     = pattern
      paths = {
        action = "$.detail.eventName"
        by     = "$.detail.userIdentity.arn"
        error  = "$.detail.errorCode"
        from   = "$.detail.sourceIPAddress"
        id     = "$.detail.eventID"
        key    = "$.detail.resources[0].ARN"
        time   = "$.time"
      }
      # Every value in quotes: a call that was not refused has no error.
      template = "{\"Event\": \"Key Call\", \"Action\": \"<action>\", \"Key\": \"<key>\", \"By\": \"<by>\", \"From\": \"<from>\", \"Error\": \"<error>\", \"Time\": \"<time>\", \"EventId\": \"<id>\"}"
    } },
    {
      deletion = {
        name        = "${var.project}-key-deleted-${var.env}"
        description = "A key of the CA was deleted: nothing can bring it back"
        pattern     = local.key_deletion_pattern
        paths       = { key = "$.resources[0]", time = "$.time" }
        template    = "{\"Event\": \"Key Deleted\", \"Key\": \"<key>\", \"Time\": \"<time>\"}"
      }
    },
  ) : name => rule if var.alarms_enabled }
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
    input_template = each.value.template
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
