# CA keys sign; one symmetric key encrypts tables, topic, Slack's token and internal bucket. A deleted key
# can be restored for 30 days, in case it was deleted by mistake.
resource "aws_kms_key" "root_ca" {
  description              = "${var.project}-${var.env} Root CA key pair"
  customer_master_key_spec = var.root_ca_key_spec
  key_usage                = "SIGN_VERIFY"
  deletion_window_in_days  = 30
  policy                   = local.ca_key_policies.root
  tags                     = var.tags

  lifecycle {
    ignore_changes = [customer_master_key_spec] # another spec would be another key

    postcondition {
      condition     = self.customer_master_key_spec == var.root_ca_key_spec
      error_message = "root_ca_key_spec is ${var.root_ca_key_spec}, but the key of the root CA is ${self.customer_master_key_spec}. A CA keeps its key: set the variable back. How to get a CA with another key: docs/aws/rotation.md."
    }
  }
}

resource "aws_kms_alias" "root_ca" {
  name          = "alias/${module.names.root_ca}"
  target_key_id = aws_kms_key.root_ca.key_id
}

resource "aws_kms_key" "issuing_ca" {
  description              = "${var.project}-${var.env} Issuing CA key pair"
  customer_master_key_spec = var.issuing_ca_key_spec
  key_usage                = "SIGN_VERIFY"
  deletion_window_in_days  = 30
  policy                   = local.ca_key_policies.issuing
  tags                     = var.tags

  lifecycle {
    ignore_changes = [customer_master_key_spec] # another spec would be another key

    postcondition {
      condition     = self.customer_master_key_spec == var.issuing_ca_key_spec
      error_message = "issuing_ca_key_spec is ${var.issuing_ca_key_spec}, but the key of the issuing CA is ${self.customer_master_key_spec}. A CA keeps its key: set the variable back. How to get a CA with another key: docs/aws/rotation.md."
    }
  }
}

resource "aws_kms_alias" "issuing_ca" {
  name          = "alias/${module.names.issuing_ca}"
  target_key_id = aws_kms_key.issuing_ca.key_id
}

resource "aws_kms_key" "tls_keygen" {
  description              = "${var.project}-${var.env} encryption, and key generation for certificates without a CSR"
  customer_master_key_spec = "SYMMETRIC_DEFAULT"
  key_usage                = "ENCRYPT_DECRYPT"
  deletion_window_in_days  = 30
  enable_key_rotation      = true
  policy                   = local.symmetric_key_policy
  tags                     = var.tags
}

resource "aws_kms_alias" "tls_keygen" {
  name          = "alias/${var.project}-tls-keygen${module.names.suffix}"
  target_key_id = aws_kms_key.tls_keygen.key_id
}

locals {
  account_root = "arn:${local.partition}:iam::${local.account}:root"

  # The key of tables, topic and Slack's token, and the key of the internal bucket (null: none of this stack).
  resource_key     = var.kms_arn_resource == "" ? aws_kms_key.tls_keygen.arn : var.kms_arn_resource
  bucket_uses_key  = var.sse_algorithm != "AES256" && !var.default_aws_kms_key_for_s3
  bucket_key_alias = local.bucket_uses_key && var.kms_key_alias != "" ? "alias/${trimprefix(var.kms_key_alias, "alias/")}" : null
  # By its alias, without looking it up: a plan needs no key that is made elsewhere.
  bucket_key = (
    !local.bucket_uses_key ? null :
    local.bucket_key_alias == null ? aws_kms_key.tls_keygen.arn : "arn:${local.partition}:kms:${local.region}:${local.account}:${local.bucket_key_alias}"
  )

  # Administration and signing are apart: the account's administrators manage a CA key, but only these functions sign
  # with it. Who may change the key's policy can give himself more; CloudTrail shows it.
  key_administration = [
    "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey", "kms:EnableKey",
    "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:GetPublicKey", "kms:ListAliases", "kms:ListGrants",
    "kms:ListKeyPolicies", "kms:ListResourceTags", "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:ScheduleKeyDeletion",
    "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
  ]
  # One by one: the roles alone are needed here, while what they may do names the keys.
  ca_key_signers = {
    root = concat(
      var.ca_creation ? [module.function["create-root-ca"].role_arn, module.function["create-issuing-ca"].role_arn] : [],
      [module.function["root-ca-crl"].role_arn],
    )
    issuing = [module.function["issuing-ca-crl"].role_arn, module.function["tls-cert"].role_arn]
  }
  ca_key_policies = { for ca, signers in local.ca_key_signers : ca => jsonencode({
    Version = "2012-10-17"
    Id      = "key-ca"
    Statement = [
      {
        Sid       = "Administration"
        Effect    = "Allow"
        Principal = { AWS = local.account_root }
        Action    = local.key_administration
        Resource  = "*"
      },
      {
        # By condition, so that a role that was deleted and made again still fits.
        Sid       = "Signing"
        Effect    = "Allow"
        Principal = { AWS = local.account_root }
        Action    = "kms:Sign"
        Resource  = "*"
        Condition = { ArnEquals = { "aws:PrincipalArn" = signers }, StringEquals = local.signing[ca] }
      },
    ]
  }) }

  # Publishing to an encrypted topic needs its key: alarms, and EventBridge for events of keys. EventBridge names no
  # source when it asks for the key of a topic (SNS's documentation says so): a condition on it would refuse all events.
  # The key works only for the topic of this account, by the encryption context of the call to KMS.
  topic_services = concat(
    var.alarms_enabled ? [{ sid = "Alarms", service = "cloudwatch.amazonaws.com", source = { "aws:SourceAccount" = local.account } }] : [],
    var.alarms_enabled || var.sns_policy_template == "eventbridge" ? [{ sid = "EventBridge", service = "events.amazonaws.com", source = {} }] : [],
  )
  symmetric_key_policy = jsonencode({
    Version = "2012-10-17"
    Id      = "key-default"
    Statement = concat(
      [{
        Sid       = "AccountByIam"
        Effect    = "Allow"
        Principal = { AWS = local.account_root }
        Action    = "kms:*"
        Resource  = "*"
      }],
      # Log groups of this account may be encrypted with it, as with the original's.
      [{
        Sid       = "LogGroups"
        Effect    = "Allow"
        Principal = { Service = "logs.${local.region}.${data.aws_partition.current.dns_suffix}" }
        Action    = ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource  = "*"
        Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:*" } }
      }],
      [for publisher in local.topic_services : {
        Sid       = "PublishToEncryptedTopic${publisher.sid}"
        Effect    = "Allow"
        Principal = { Service = publisher.service }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = { StringEquals = merge({ "kms:EncryptionContext:aws:sns:topicArn" = local.topic_arn }, publisher.source) }
      }],
    )
  })
}
