# Where the original's module had what holds data or identity: its state moves here, and nothing of it is replaced.
# What has the same address in both (buckets, uploaded files) needs no mention; a test has every address.

# Keys.
moved {
  from = module.kms_rsa_root_ca.aws_kms_key.encryption
  to   = aws_kms_key.root_ca
}

moved {
  from = module.kms_rsa_root_ca.aws_kms_alias.encryption
  to   = aws_kms_alias.root_ca
}

moved {
  from = module.kms_rsa_issuing_ca.aws_kms_key.encryption
  to   = aws_kms_key.issuing_ca
}

moved {
  from = module.kms_rsa_issuing_ca.aws_kms_alias.encryption
  to   = aws_kms_alias.issuing_ca
}

moved {
  from = module.kms_tls_keygen.aws_kms_key.encryption
  to   = aws_kms_key.tls_keygen
}

moved {
  from = module.kms_tls_keygen.aws_kms_alias.encryption
  to   = aws_kms_alias.tls_keygen
}

# Table.
moved {
  from = module.dynamodb.aws_dynamodb_table.ca
  to   = aws_dynamodb_table.ca
}

# Functions, with their log groups, aliases and permissions (modules/function/moved.tf has the names inside).
moved {
  from = module.create_rsa_root_ca_lambda
  to   = module.function["create-root-ca"]
}

moved {
  from = module.create_rsa_issuing_ca_lambda
  to   = module.function["create-issuing-ca"]
}

moved {
  from = module.rsa_root_ca_crl_lambda
  to   = module.function["root-ca-crl"]
}

moved {
  from = module.rsa_issuing_ca_crl_lambda
  to   = module.function["issuing-ca-crl"]
}

moved {
  from = module.rsa_tls_cert_lambda
  to   = module.function["tls-cert"]
}

moved {
  from = module.expiry_lambda[0]
  to   = module.function["expiry"]
}

moved {
  from = module.notify_lambda[0]
  to   = module.function["notify"]
}

# Roles of the functions.
moved {
  from = module.create_root_ca_iam.aws_iam_role.lambda
  to   = module.function["create-root-ca"].aws_iam_role.function
}

moved {
  from = module.create_root_ca_iam.aws_iam_role_policy.lambda
  to   = module.function["create-root-ca"].aws_iam_role_policy.function
}

moved {
  from = module.create_issuing_ca_iam.aws_iam_role.lambda
  to   = module.function["create-issuing-ca"].aws_iam_role.function
}

moved {
  from = module.create_issuing_ca_iam.aws_iam_role_policy.lambda
  to   = module.function["create-issuing-ca"].aws_iam_role_policy.function
}

moved {
  from = module.root_crl_iam.aws_iam_role.lambda
  to   = module.function["root-ca-crl"].aws_iam_role.function
}

moved {
  from = module.root_crl_iam.aws_iam_role_policy.lambda
  to   = module.function["root-ca-crl"].aws_iam_role_policy.function
}

moved {
  from = module.issuing_crl_iam.aws_iam_role.lambda
  to   = module.function["issuing-ca-crl"].aws_iam_role.function
}

moved {
  from = module.issuing_crl_iam.aws_iam_role_policy.lambda
  to   = module.function["issuing-ca-crl"].aws_iam_role_policy.function
}

moved {
  from = module.tls_keygen_iam.aws_iam_role.lambda
  to   = module.function["tls-cert"].aws_iam_role.function
}

moved {
  from = module.tls_keygen_iam.aws_iam_role_policy.lambda
  to   = module.function["tls-cert"].aws_iam_role_policy.function
}

moved {
  from = module.expiry_iam[0].aws_iam_role.lambda
  to   = module.function["expiry"].aws_iam_role.function
}

moved {
  from = module.expiry_iam[0].aws_iam_role_policy.lambda
  to   = module.function["expiry"].aws_iam_role_policy.function
}

moved {
  from = module.notify_slack_iam[0].aws_iam_role.lambda
  to   = module.function["notify"].aws_iam_role.function
}

moved {
  from = module.notify_slack_iam[0].aws_iam_role_policy.lambda
  to   = module.function["notify"].aws_iam_role_policy.function
}

# Other roles.
moved {
  from = module.step-function-role.aws_iam_role.lambda
  to   = aws_iam_role.state_machine
}

moved {
  from = module.step-function-role.aws_iam_role_policy.lambda
  to   = aws_iam_role_policy.state_machine
}

moved {
  from = module.scheduler-role.aws_iam_role.lambda
  to   = aws_iam_role.scheduler
}

moved {
  from = module.scheduler-role.aws_iam_role_policy.lambda
  to   = aws_iam_role_policy.scheduler
}

moved {
  from = module.db-reader-role[0].aws_iam_role.lambda
  to   = aws_iam_role.reader[0]
}

moved {
  from = module.db-reader-role[0].aws_iam_role_policy.lambda
  to   = aws_iam_role_policy.reader[0]
}

# State machine and schedule.
moved {
  from = module.step-function.aws_sfn_state_machine.state_machine
  to   = aws_sfn_state_machine.pipeline
}

moved {
  from = module.step-function.aws_cloudwatch_log_group.log_group_for_sfn
  to   = aws_cloudwatch_log_group.state_machine
}

moved {
  from = module.scheduler.aws_scheduler_schedule.schedule
  to   = aws_scheduler_schedule.pipeline
}

# Topic.
moved {
  from = module.sns_ca_notifications.aws_sns_topic.sns_topic
  to   = aws_sns_topic.notifications
}

moved {
  from = module.sns_ca_notifications.aws_sns_topic_subscription.email_subscriptions
  to   = aws_sns_topic_subscription.email
}

moved {
  from = module.sns_ca_notifications.aws_sns_topic_subscription.lambda_subscriptions
  to   = aws_sns_topic_subscription.lambda
}

moved {
  from = module.sns_ca_notifications.aws_sns_topic_subscription.sqs_subscriptions
  to   = aws_sns_topic_subscription.sqs
}

# The external bucket, of versions of the original that could not share another stack's.
moved {
  from = module.external_s3
  to   = module.external_s3[0]
}

# Slack's token.
moved {
  from = module.slack_secret[0].aws_secretsmanager_secret.secret
  to   = aws_secretsmanager_secret.slack[0]
}

moved {
  from = module.slack_secret[0].aws_secretsmanager_secret_version.value_managed_by_terraform
  to   = aws_secretsmanager_secret_version.given
}

moved {
  from = module.slack_secret[0].aws_secretsmanager_secret_version.value_not_managed_by_terraform
  to   = aws_secretsmanager_secret_version.by_hand
}

# Public CRL.
moved {
  from = module.ca_cloudfront[0].aws_cloudfront_distribution.website
  to   = aws_cloudfront_distribution.public[0]
}

moved {
  from = module.ca_cloudfront[0].aws_cloudfront_origin_access_identity.website
  to   = aws_cloudfront_origin_access_identity.public[0]
}

moved {
  from = module.ca_cloudfront[0].aws_cloudfront_cache_policy.policy
  to   = aws_cloudfront_cache_policy.public[0]
}

moved {
  from = module.ca_cloudfront[0].aws_route53_record.cloudfront-apex
  to   = aws_route53_record.public
}

moved {
  from = module.cloudfront_certificate[0].aws_acm_certificate.certificate
  to   = aws_acm_certificate.public[0]
}

moved {
  from = module.cloudfront_certificate[0].aws_acm_certificate_validation.validation
  to   = aws_acm_certificate_validation.public[0]
}

moved {
  from = module.cloudfront_certificate[0].aws_route53_record.validation
  to   = aws_route53_record.validation
}

# Terraform destroys a resource that is in no configuration before it changes the resource that used it, and CloudFront
# refuses that while the distribution uses these two policies. So they stay without a use, and Terraform removes them from
# its state.
removed {
  from = module.ca_cloudfront.aws_cloudfront_origin_request_policy.policy

  lifecycle {
    destroy = false
  }
}

removed {
  from = module.ca_cloudfront.aws_cloudfront_response_headers_policy.policy

  lifecycle {
    destroy = false
  }
}

# A record of a prefixed domain, which no variable asks for any more: it stays, Terraform forgets it.
removed {
  from = module.ca_cloudfront.aws_route53_record.cloudfront

  lifecycle {
    destroy = false
  }
}
