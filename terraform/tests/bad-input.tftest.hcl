# Every bad value is refused where it is given.
mock_provider "aws" {}
mock_provider "random" {}

variables {
  package_file = "tests/no.zip"
}

run "values_that_break_names_or_are_unknown" {
  command = plan

  variables {
    env                                 = "dev_1"
    root_ca_key_spec                    = "RSA_1024"
    issuing_ca_key_spec                 = "ED25519"
    root_ca_info                        = { commonName = "", lifetime = 0 }
    issuing_ca_info                     = { commonName = "Issuing", lifetime = 0.5 }
    max_cert_lifetime                   = 0
    custom_extension_allowlist          = ["clientAuth"]
    extended_key_usage_allowlist        = ["1.3.06"]
    certificate_policies                = ["3.1"]
    lint_ignore                         = ["san-nearly-duplicate"]
    lint_targets                        = ["nlb"]
    architecture                        = "x64"
    memory_size                         = 64
    timeout                             = 901
    log_retention_in_days               = 2
    state_machine_log_retention_in_days = 2
    aws_principals                      = ["*"]
    logging_account_id                  = "12345"
    external_s3_bucket_name             = "My.Bucket"
    sse_algorithm                       = "aws:kms:dsse"
    kms_arn_resource                    = "alias/key"
    kms_key_alias                       = "arn:aws:kms:eu-west-2:123456789012:alias/key"
    hosted_zone_domain                  = "https://ca.example.com/"
    hosted_zone_id                      = "/hostedzone/Z1"
    cloudfront_geo_restricted_locations = ["Russia"]
    cloudfront_minimum_protocol_version = "1.2"
    custom_sns_topic_name               = "my topic"
    sns_email_subscriptions             = ["nobody"]
    sns_policy                          = "{"
    sns_policy_template                 = "public"
    slack_channels                      = ["a,b"]
    slack_token                         = "xoxp-1"
    secret_recovery_window_in_days      = 3
    schedule_expression                 = "at(2030-01-01T00:00:00)"
    max_concurrency                     = 1001
    crl_schedule                        = "every 6 hours"
    root_crl_seconds                    = -1
    issuing_crl_seconds                 = 1.5
    package_file                        = "tests/missing.zip"
  }

  expect_failures = [
    var.env, var.root_ca_key_spec, var.issuing_ca_key_spec, var.root_ca_info, var.issuing_ca_info,
    var.max_cert_lifetime, var.custom_extension_allowlist, var.extended_key_usage_allowlist, var.certificate_policies,
    var.lint_ignore, var.lint_targets,
    var.architecture, var.memory_size, var.timeout, var.log_retention_in_days, var.state_machine_log_retention_in_days,
    var.aws_principals,
    var.logging_account_id, var.external_s3_bucket_name, var.sse_algorithm, var.kms_arn_resource,
    var.kms_key_alias, var.hosted_zone_domain, var.hosted_zone_id, var.cloudfront_geo_restricted_locations,
    var.cloudfront_minimum_protocol_version, var.custom_sns_topic_name, var.sns_email_subscriptions, var.sns_policy,
    var.sns_policy_template, var.slack_channels, var.slack_token, var.secret_recovery_window_in_days,
    var.schedule_expression, var.max_concurrency, var.crl_schedule, var.root_crl_seconds, var.issuing_crl_seconds,
    var.package_file,
  ]
}

# Their validations look at other variables, too, and are heard only where those are good.
run "values_that_are_unknown_beside_good_ones" {
  command = plan

  variables {
    s3_aws_principals = ["*"]
    lint_ignore       = ["notice", "eku-any"]
    lint_refuse       = ["error", "eku-any"]
    bucket_prefix     = "my_company"
    cert_info_files   = ["tls.json"]
    csr_files         = ["missing.csr"]
    package_file      = ""
    package_s3        = { bucket = "b", key = "k", sha256 = "LXEWQrcmsEQBYnyp" }
  }

  expect_failures = [
    var.s3_aws_principals, var.lint_refuse, var.bucket_prefix, var.cert_info_files, var.csr_files, var.package_s3,
  ]
}

run "a_project_of_two_words_and_reminders_on_day_0" {
  command = plan

  variables {
    project          = "my project"
    expiry_reminders = [0]
  }

  expect_failures = [var.project, var.expiry_reminders]
}

run "names_that_are_too_long" {
  command = plan

  variables {
    project = "a-project-with-a-name-as-long-as-a-sentence"
  }

  expect_failures = [var.project]
}

run "settings_that_lack_another" {
  command = plan

  variables {
    public_crl                      = true
    access_logs                     = true
    sns_policy_template             = "cross-account"
    subscription_filter_destination = "central"
    external_s3_bucket_name         = "the-bucket-of-another-stack"
    s3_aws_principals               = ["arn:aws:iam::111122223333:role/app"]
    default_aws_kms_key_for_s3      = true
    sse_algorithm                   = "AES256"
  }

  expect_failures = [
    var.public_crl, var.access_logs, var.workload_account_id, var.subscription_filter_destination, var.s3_aws_principals,
    var.default_aws_kms_key_for_s3,
  ]
}

run "a_public_CRL_without_a_zone" {
  command = plan

  variables {
    public_crl         = true
    hosted_zone_domain = "ca.example.com"
  }

  expect_failures = [var.public_crl]
}

run "a_CRL_that_lapses_when_one_run_fails" {
  command = plan

  variables {
    root_crl_days       = 0
    root_crl_seconds    = 43199
    issuing_crl_days    = 0
    issuing_crl_seconds = 43200
  }

  expect_failures = [var.root_crl_days]
}

run "a_CRL_that_lapses_when_one_run_of_the_pipeline_alone_fails" {
  command = plan

  variables {
    crl_schedule        = ""
    schedule_expression = "rate(2 days)"
    root_crl_days       = 4
    issuing_crl_days    = 3
  }

  expect_failures = [var.issuing_crl_days]
}

run "a_CRL_that_lapses_when_one_week_is_left_out" {
  command = plan

  variables {
    crl_schedule        = ""
    schedule_expression = "cron(15 8 ? * MON *)"
    root_crl_days       = 13
    issuing_crl_days    = 14
    alarms_enabled      = false
  }

  expect_failures = [var.root_crl_days]
}

run "a_CRL_that_lapses_when_a_run_before_the_weekend_fails" {
  command = plan

  variables {
    crl_schedule        = "cron(15 8 ? * MON-FRI *)"
    schedule_expression = "cron(15 8 ? * MON-FRI *)"
    root_crl_days       = 6
    issuing_crl_days    = 5
    expiry_reminders    = []
  }

  expect_failures = [var.issuing_crl_days]
}

# CloudWatch looks back seven days.
run "a_schedule_that_no_alarm_can_watch_is_a_warning" {
  command = plan

  variables {
    crl_schedule        = ""
    schedule_expression = "cron(15 8 ? * MON *)"
    root_crl_days       = 30
    issuing_crl_days    = 30
  }

  expect_failures = [check.crl_alarms]
}

run "subscribers_that_are_none" {
  command = plan

  variables {
    sns_lambda_subscriptions = { audit = "audit" }
    sns_sqs_subscriptions    = { siem = "https://sqs.eu-west-2.amazonaws.com/123456789012/siem" }
    log_bucket               = "arn:aws:s3:::access-logs"
    cloudfront_web_acl_id    = "arn:aws:wafv2:eu-west-2:123456789012:regional/webacl/one/1"
  }

  expect_failures = [var.sns_lambda_subscriptions, var.sns_sqs_subscriptions, var.log_bucket, var.cloudfront_web_acl_id]
}

run "a_subscriber_with_the_name_of_Slacks_function" {
  command = plan

  variables {
    slack_channels           = ["ca-dev"]
    sns_lambda_subscriptions = { notify = "arn:aws:lambda:eu-west-2:123456789012:function:audit" }
  }

  expect_failures = [var.sns_lambda_subscriptions]
}

run "a_CA_without_a_name" {
  command = plan

  variables {
    root_ca_info    = { commonName = null }
    issuing_ca_info = { commonName = null }
  }

  expect_failures = [var.root_ca_info, var.issuing_ca_info]
}

# A CA that exists may have them: its plan goes on.
run "settings_that_no_new_CA_may_have_are_a_warning" {
  command = plan

  variables {
    root_ca_info    = { commonName = "Root", pathLengthConstraint = 0 }
    issuing_ca_info = { commonName = "Issuing", pathLengthConstraint = 0 }
  }

  expect_failures = [check.ca_settings]
}

run "a_long_organization_is_a_warning" {
  command = plan

  variables {
    root_ca_info    = { commonName = "Root" }
    issuing_ca_info = { commonName = "Issuing", organization = "An organization whose name is longer than the sixty-four letters that fit" }
  }

  expect_failures = [check.ca_settings]
}

run "an_address_without_a_domain_is_a_warning" {
  command = plan

  variables {
    root_ca_info = { commonName = "Root", emailAddress = "nobody" }
  }

  expect_failures = [check.ca_settings]
}

run "a_country_in_small_letters_is_a_warning" {
  command = plan

  variables {
    root_ca_info = { commonName = "Root", country = "gb" }
  }

  expect_failures = [check.ca_settings]
}

run "policies_that_no_alias_can_have" {
  command = plan

  variables {
    request_policies            = { "web servers" = { common_names = ["*"] } }
    issuing_ca_name_constraints = { permitted = ["example.com"] }
  }

  expect_failures = [var.request_policies, var.issuing_ca_name_constraints]
}

run "a_policy_with_the_name_of_the_function" {
  command = plan

  variables {
    request_policies = { serverless-tls-cert-dev = { common_names = ["*"] } }
  }

  expect_failures = [var.request_policies]
}

run "a_policy_without_names" {
  command = plan

  variables {
    request_policies = { web = { common_names = [], max_days = 0 } }
  }

  expect_failures = [var.request_policies]
}

run "principals_of_no_policy_and_principals_that_are_none" {
  command = plan

  variables {
    request_policies          = { web = { common_names = ["*"] } }
    request_policy_principals = { web = ["*"], people = ["arn:aws:iam::111122223333:role/people"] }
  }

  expect_failures = [var.request_policy_principals]
}

run "a_principal_that_could_leave_its_policy_out" {
  command = plan

  variables {
    aws_principals            = ["arn:aws:iam::111122223333:role/app"]
    request_policies          = { web = { common_names = ["*"] } }
    request_policy_principals = { web = ["arn:aws:iam::111122223333:role/app"] }
  }

  expect_failures = [var.request_policy_principals]
}

run "more_policies_than_a_function_can_have" {
  command = plan

  variables {
    request_policies = { for number in range(100) : "team-${number}" => {
      common_names = ["${sha256(tostring(number))}.example.com"]
    } }
  }

  expect_failures = [var.request_policies]
}
