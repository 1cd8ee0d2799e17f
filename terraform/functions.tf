# Seven functions are one program: the handler says which function it is. Each gets the settings that it needs, and a role for its work.
locals {
  function_names = toset(concat(
    ["create-root-ca", "create-issuing-ca", "root-ca-crl", "issuing-ca-crl", "tls-cert"],
    local.reminders ? ["expiry"] : [],
    local.slack ? ["notify"] : [],
  ))
  function_descriptions = {
    create-root-ca    = "creates the root CA unless it exists"
    create-issuing-ca = "creates the issuing CA unless it exists"
    root-ca-crl       = "publishes the CRL of the root CA"
    issuing-ca-crl    = "publishes the CRL of the issuing CA"
    tls-cert          = "issues a certificate"
    expiry            = "reminds of certificates that expire"
    notify            = "posts notifications to Slack"
  }

  # Two roles have other names than their functions, as they always had.
  role_names = merge(
    { for name in keys(local.function_descriptions) : name => "${var.project}-${name}-${var.env}" },
    { root-ca-crl = "${var.project}-root-crl-${var.env}", issuing-ca-crl = "${var.project}-issuing-crl-${var.env}" },
  )

  common_environment = {
    PROJECT           = var.project
    ENVIRONMENT_NAME  = var.env
    PROD_ENVIRONMENTS = jsonencode(var.prod_envs)
  }
  ledger_environment = {
    TABLE_NAME       = aws_dynamodb_table.ca.name
    INDEX_TABLE_NAME = aws_dynamodb_table.index.name
  }
  publication_environment = {
    PUBLIC_CRL = var.public_crl ? "enabled" : "disabled"
    DOMAIN     = var.hosted_zone_domain
  }
  # Packed, as all variables of a function have 4 KB together (docs/decisions/0016-a-policy-is-an-alias.md).
  policy_environment = length(var.request_policies) == 0 ? {} : {
    REQUEST_POLICIES = base64gzip(jsonencode(var.request_policies))
  }
  constraint_environment = var.issuing_ca_name_constraints == null ? {} : {
    ISSUING_CA_NAME_CONSTRAINTS = jsonencode(var.issuing_ca_name_constraints)
  }
  function_environments = {
    create-root-ca = merge(local.ledger_environment, {
      EXTERNAL_S3_BUCKET = local.external_bucket.name
      ROOT_CA_INFO       = jsonencode(var.root_ca_info)
    })
    create-issuing-ca = merge(local.ledger_environment, local.publication_environment, local.constraint_environment, {
      EXTERNAL_S3_BUCKET = local.external_bucket.name
      ISSUING_CA_INFO    = jsonencode(var.issuing_ca_info)
    })
    root-ca-crl = merge(local.ledger_environment, local.publication_environment, { # looks at its CRL's public address
      EXTERNAL_S3_BUCKET = local.external_bucket.name
      INTERNAL_S3_BUCKET = module.internal_s3.name
      ISSUING_CA_INFO    = jsonencode(var.issuing_ca_info) # warns when the root's end would shorten it
      ROOT_CRL_DAYS      = tostring(var.root_crl_days)
      ROOT_CRL_SECONDS   = tostring(var.root_crl_seconds)
      SNS_TOPIC_ARN      = aws_sns_topic.notifications.arn
    })
    issuing-ca-crl = merge(local.ledger_environment, local.publication_environment, {
      EXTERNAL_S3_BUCKET  = local.external_bucket.name
      INTERNAL_S3_BUCKET  = module.internal_s3.name
      ISSUING_CRL_DAYS    = tostring(var.issuing_crl_days)
      ISSUING_CRL_SECONDS = tostring(var.issuing_crl_seconds)
      MAX_CERT_LIFETIME   = tostring(var.max_cert_lifetime) # warns when the CA's end shortens it
      SNS_TOPIC_ARN       = aws_sns_topic.notifications.arn
    })
    tls-cert = merge(local.ledger_environment, local.publication_environment, local.policy_environment, {
      INTERNAL_S3_BUCKET           = module.internal_s3.name
      MAX_CERT_LIFETIME            = tostring(var.max_cert_lifetime)
      CUSTOM_EXTENSION_ALLOWLIST   = jsonencode(var.custom_extension_allowlist)
      EXTENDED_KEY_USAGE_ALLOWLIST = jsonencode(var.extended_key_usage_allowlist)
      ALLOW_OCSP_SIGNING           = tostring(var.allow_ocsp_signing)
      SINGLE_LABEL_NAMES           = tostring(var.single_label_names)
      CERTIFICATE_POLICIES         = jsonencode(var.certificate_policies)
      LINT_IGNORE                  = jsonencode(var.lint_ignore)
      LINT_REFUSE                  = jsonencode(var.lint_refuse)
      LINT_TARGETS                 = jsonencode(var.lint_targets)
      SNS_TOPIC_ARN                = aws_sns_topic.notifications.arn
    })
    expiry = merge(local.ledger_environment, {
      INTERNAL_S3_BUCKET = module.internal_s3.name
      EXPIRY_REMINDERS   = jsonencode(var.expiry_reminders)
      SNS_TOPIC_ARN      = aws_sns_topic.notifications.arn
    })
    notify = local.slack ? {
      SLACK_SECRET_ARN    = one(aws_secretsmanager_secret.slack[*].arn)
      SLACK_CHANNELS      = join(",", var.slack_channels)
      SLACK_USERNAME      = var.slack_username
      SLACK_GOOD_EMOJI    = var.slack_good_emoji
      SLACK_BAD_EMOJI     = var.slack_bad_emoji
      SLACK_WARNING_EMOJI = var.slack_warning_emoji
    } : {}
  }
  log_destination = (
    var.subscription_filter_destination == "" || var.logging_account_id == "" ? null :
    "arn:${local.partition}:logs:${local.region}:${var.logging_account_id}:destination:${var.subscription_filter_destination}"
  )
}

module "function" {
  source   = "./modules/function"
  for_each = local.function_names

  name                  = "${var.project}-${each.key}-${var.env}"
  role_name             = local.role_names[each.key]
  handler               = each.key
  description           = "${var.project}: ${local.function_descriptions[each.key]}"
  environment           = merge(local.common_environment, local.function_environments[each.key])
  statements            = local.function_statements[each.key]
  package               = module.zip.package
  product_version       = local.product_version
  architecture          = var.architecture
  memory_size           = var.memory_size
  timeout               = var.timeout
  xray_enabled          = var.xray_enabled
  log_retention_in_days = var.log_retention_in_days
  log_destination       = local.log_destination
  filter_pattern        = var.filter_pattern
  invoke_principals     = each.key == "tls-cert" ? var.aws_principals : []
  alias_principals      = each.key == "tls-cert" ? { for name in keys(var.request_policies) : name => lookup(var.request_policy_principals, name, []) } : {}
  tags                  = merge(var.tags, var.additional_lambda_tags)
}
