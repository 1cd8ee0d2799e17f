# The module with its defaults, with a provider that makes up what AWS would answer.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_region" {
    defaults = { region = "eu-west-2" }
  }
}

mock_provider "random" {}

variables {
  package_file = "tests/no.zip"
}

run "defaults" {
  command = plan

  assert {
    condition     = keys(module.function) == ["create-issuing-ca", "create-root-ca", "expiry", "issuing-ca-crl", "root-ca-crl", "tls-cert"]
    error_message = "Other functions than expected."
  }

  assert {
    condition     = module.function["tls-cert"].name == "serverless-tls-cert-dev"
    error_message = "A function has another name."
  }

  assert {
    condition     = [aws_dynamodb_table.ca.name, aws_dynamodb_table.index.name] == ["ServerlessCADev", "ServerlessIndexDev"]
    error_message = "A table has another name."
  }

  assert {
    condition     = [aws_kms_alias.root_ca.name, aws_kms_alias.issuing_ca.name, aws_kms_alias.tls_keygen.name] == ["alias/serverless-root-ca-dev", "alias/serverless-issuing-ca-dev", "alias/serverless-tls-keygen-dev"]
    error_message = "A key has another alias."
  }

  assert {
    condition     = alltrue([for days in [aws_kms_key.root_ca.deletion_window_in_days, aws_kms_key.issuing_ca.deletion_window_in_days] : days >= 30])
    error_message = "A CA key is gone too soon after it was deleted."
  }

  assert {
    condition     = aws_scheduler_schedule.pipeline.schedule_expression == "cron(15 8 * * ? *)"
    error_message = "The pipeline runs at another time."
  }

  assert {
    condition     = output.ca_bundle_s3_key == "serverless-ca-bundle-dev.pem" && output.cloudfront_domain_name == null
    error_message = "An output has another value."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.public) == 0 && length(aws_iam_role.reader) == 0 && length(aws_secretsmanager_secret.slack) == 0
    error_message = "Something was made that nobody asked for."
  }
}

run "queues_and_a_dashboard_are_made_on_request" {
  command = plan

  assert {
    condition     = length(aws_sqs_queue.dead_letters) + length(aws_cloudwatch_dashboard.ca) == 0
    error_message = "Something was made that nobody asked for."
  }

  assert {
    condition     = length(aws_scheduler_schedule.pipeline.target[0].dead_letter_config) == 0
    error_message = "The schedule of the original is another one."
  }
}

run "a_CA_that_lives_shorter_is_near_its_end_later" {
  command = plan

  variables {
    issuing_ca_info = { commonName = "Serverless Issuing CA", country = "GB", lifetime = 100, locality = "London", organization = "Serverless", organizationalUnit = "IT", state = "London" }
  }

  assert {
    condition     = { for name, alarm in aws_cloudwatch_metric_alarm.ca : name => alarm.threshold } == { "root-ca-crl-CaDays" = 90, "issuing-ca-crl-CaDays" = 50 }
    error_message = "The alarm of a CA's end comes at another time."
  }
}

# A module around this one passes on what it was not given.
run "null_is_the_default" {
  command = plan

  variables {
    project               = null
    env                   = null
    bucket_prefix         = null
    custom_sns_topic_name = null
    root_ca_info          = null
    expiry_reminders      = null
    package_s3            = null
    tags                  = null
  }

  assert {
    condition     = aws_sns_topic.notifications.name == "serverless-ca-notifications-dev" && aws_dynamodb_table.ca.name == "ServerlessCADev"
    error_message = "A name has another value."
  }
}

run "the_hash_of_a_zip_in_S3_is_as_Lambda_shows_it" {
  command = plan

  variables {
    package_file = ""
    package_s3   = { bucket = "releases", key = "ca.zip", sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" }
  }

  assert {
    condition     = module.zip.package.hash == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" && module.zip.package.filename == null
    error_message = "The hash is ${module.zip.package.hash}."
  }
}

run "production_has_no_suffix" {
  command = plan

  variables {
    env = "prd"
  }

  assert {
    condition     = aws_kms_alias.root_ca.name == "alias/serverless-root-ca" && output.ca_bundle_s3_key == "serverless-ca-bundle.pem"
    error_message = "A name has a suffix."
  }

  assert {
    condition     = module.function["tls-cert"].name == "serverless-tls-cert-prd" && aws_sfn_state_machine.pipeline.name == "serverless-ca-prd"
    error_message = "Functions and state machine always have the environment in their names."
  }
}

run "CRLs_have_a_schedule_of_their_own" {
  command = plan

  assert {
    condition     = { for name, schedule in aws_scheduler_schedule.crl : name => schedule.schedule_expression } == { issuing-ca-crl = "rate(6 hours)", root-ca-crl = "rate(6 hours)" }
    error_message = "CRLs are published at other times."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.crl : alarm.evaluation_periods * 300 == (86400 + 600) / 2])
    error_message = "The alarm is not there when half of a CRL's life is left."
  }
}

run "without_a_schedule_of_CRLs_the_pipeline_alone_publishes_them" {
  command = plan

  variables {
    crl_schedule     = ""
    root_crl_days    = 30
    issuing_crl_days = 2
  }

  assert {
    condition     = length(aws_scheduler_schedule.crl) + length(aws_lambda_function_event_invoke_config.crl) == 0
    error_message = "There is a schedule of CRLs."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.scheduler.policy).Statement : statement.Action] == ["states:StartExecution"]
    error_message = "The schedule may do more than it does."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.crl["root-ca-crl"].evaluation_periods == 49 && aws_cloudwatch_metric_alarm.crl["issuing-ca-crl"].evaluation_periods == 25
    error_message = "An alarm is not there one hour after a run, or two, that should have been."
  }
}

run "no_alarms_where_none_are_wanted" {
  command = plan

  variables {
    alarms_enabled = false
  }

  assert {
    condition     = length(aws_cloudwatch_log_metric_filter.crl) + length(aws_cloudwatch_metric_alarm.crl) + length(aws_cloudwatch_metric_alarm.function) + length(aws_cloudwatch_metric_alarm.pipeline) == 0
    error_message = "There is an alarm."
  }

  assert {
    condition = sum([for found in [
      aws_cloudwatch_metric_alarm.ca, aws_cloudwatch_metric_alarm.dead_letters, aws_cloudwatch_metric_alarm.key_events, aws_cloudwatch_metric_alarm.table,
      aws_cloudwatch_metric_alarm.throttles, aws_cloudwatch_metric_alarm.topic, aws_cloudwatch_log_metric_filter.ca, aws_cloudwatch_event_rule.keys,
    ] : length(found)]) == 0
    error_message = "There is an alarm, a filter or a rule."
  }

  assert {
    condition     = [for statement in jsondecode(aws_sns_topic.notifications.policy).Statement : statement.Sid if can(statement.Principal.Service)] == []
    error_message = "A service may publish that nobody needs."
  }
}

run "the_shorter_of_both_schedules_counts" {
  command = plan

  variables {
    schedule_expression = "cron(0 2,14 1/1 * ? *)"
    crl_schedule        = "rate(1 day)"
    root_crl_days       = 1
    root_crl_seconds    = 0
    issuing_crl_days    = 1
    issuing_crl_seconds = 0
  }

  assert {
    condition     = module.crl_times.pause == 43200
    error_message = "Twice a day is every 12 hours."
  }
}

run "a_second_CA_that_publishes_into_another_stacks_bucket" {
  command = plan

  variables {
    project                 = "pqc"
    root_ca_key_spec        = "ML_DSA_87"
    issuing_ca_key_spec     = "ML_DSA_65"
    public_crl              = true
    hosted_zone_domain      = "ca.example.com"
    external_s3_bucket_name = "the-bucket-of-another-stack"
  }

  override_data {
    target = data.aws_s3_bucket.external
    values = { bucket = "the-bucket-of-another-stack", arn = "arn:aws:s3:::the-bucket-of-another-stack", bucket_domain_name = "the-bucket-of-another-stack.s3.amazonaws.com" }
  }

  assert {
    condition     = length(aws_cloudfront_distribution.public) == 0 && length(module.external_s3) == 0
    error_message = "The other stack has bucket and distribution."
  }

  assert {
    condition     = output.issuing_ca_crl_s3_location == "the-bucket-of-another-stack.s3.amazonaws.com/pqc-issuing-ca-dev.crl"
    error_message = "The CRL is published elsewhere."
  }
}

# EventBridge names neither account nor source when it publishes to an encrypted topic.
run "EventBridge_may_publish_without_a_condition_on_its_source" {
  command = plan

  variables {
    sns_policy_template = "eventbridge"
  }

  assert {
    condition     = [for statement in jsondecode(aws_sns_topic.notifications.policy).Statement : keys(statement) if try(statement.Principal.Service, "") == "events.amazonaws.com"] == [["Action", "Effect", "Principal", "Resource", "Sid"]]
    error_message = "The topic's policy does not let EventBridge publish, or has a condition."
  }

  assert {
    condition     = [for statement in jsondecode(aws_kms_key.tls_keygen.policy).Statement : statement.Condition.StringEquals if try(statement.Principal.Service, "") == "events.amazonaws.com"] == [{ "kms:EncryptionContext:aws:sns:topicArn" = local.topic_arn }]
    error_message = "The key's policy does not let EventBridge use it for the topic, or has another condition."
  }

  assert {
    condition     = [for statement in jsondecode(aws_kms_key.tls_keygen.policy).Statement : statement.Condition.StringEquals["aws:SourceAccount"] if try(statement.Principal.Service, "") == "cloudwatch.amazonaws.com"] == ["123456789012"]
    error_message = "Alarms of other accounts may use the key."
  }
}

# As the original's key: whoever encrypts a log group of this account with it goes on doing so.
run "log_groups_of_this_account_may_be_encrypted_with_the_stacks_own_key" {
  command = plan

  assert {
    condition = [for statement in jsondecode(aws_kms_key.tls_keygen.policy).Statement : statement if try(statement.Principal.Service, "") == "logs.eu-west-2.amazonaws.com"] == [{
      Sid       = "LogGroups"
      Effect    = "Allow"
      Principal = { Service = "logs.eu-west-2.amazonaws.com" }
      Action    = ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
      Resource  = "*"
      Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:eu-west-2:123456789012:log-group:*" } }
    }]
    error_message = "CloudWatch Logs may not use the key, or for other accounts too."
  }
}

# Files that the original uploaded are encrypted with the stack's own key, whatever the bucket's is.
run "files_encrypted_with_either_key_can_be_read" {
  command = apply

  variables {
    kms_key_alias = "buckets" # as a caller of the original may have it, without alias/
  }

  override_resource {
    target = aws_kms_key.tls_keygen
    values = { arn = "arn:aws:kms:eu-west-2:123456789012:key/own" }
  }

  assert {
    condition = { for statement in jsondecode(module.function["tls-cert"].policy).Statement : statement.Sid => statement.Resource if startswith(statement.Sid, "DecryptFiles") } == {
      DecryptFiles        = "arn:aws:kms:eu-west-2:123456789012:key/own"
      DecryptFilesByAlias = "arn:aws:kms:eu-west-2:123456789012:key/*"
    }
    error_message = "tls-cert can not read every file of the internal bucket."
  }

  assert {
    condition     = local.bucket_key == "arn:aws:kms:eu-west-2:123456789012:alias/buckets"
    error_message = "The bucket has another key."
  }
}

# A deployment without policies has the variables and aliases that it had.
run "without_policies_tls_cert_has_one_alias" {
  command = plan

  assert {
    condition     = length(output.policy_function_arns) == 0 && length(output.policy_requester_policies) == 0 && length(local.policy_environment) == 0
    error_message = "There is a policy."
  }
}

run "many_policies_fit_into_the_variables_of_a_function" {
  command = plan

  variables {
    request_policies = { for number in range(40) : "team-${number}" => {
      common_names = ["*.team-${number}.example.com", "team-${number}.example.com"]
      sans         = ["DNS_NAME:*.team-${number}.example.com", "IP_ADDRESS:10.${number}.0.0/16"]
      usages       = ["server_auth"]
      max_days     = 30 + number
    } }
  }

  assert {
    condition     = length(module.function["tls-cert"].alias_arns) == 40
    error_message = "There is not an alias for each policy."
  }

  assert {
    condition     = length(local.policy_environment.REQUEST_POLICIES) < 2048
    error_message = "The policies need ${length(local.policy_environment.REQUEST_POLICIES)} characters."
  }
}
