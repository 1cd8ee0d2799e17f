# The public files: CRLs and CA certificates.
module "external_s3" {
  source = "./modules/bucket"
  count  = var.external_s3_bucket_name == "" ? 1 : 0

  name          = "${var.project}-ca-external-${var.env}"
  prefix        = var.bucket_prefix
  sse_algorithm = "AES256"
  force_destroy = var.force_destroy
  log_bucket    = var.access_logs ? var.log_bucket : null
  statements    = local.external_bucket_statements
  tags          = merge(var.tags, var.additional_s3_tags)

  # CRLs and CA certificates are public and signed, and are downloaded by http, because a download by https would itself need
  # a certificate to be checked (RFC 5280 section 4.2.1.13). CloudFront calls S3 by its viewer's protocol.
  action_without_tls = local.distribution ? "s3:GetObject" : null
}

# The files of the operator: tls.json, CSRs, revocation lists.
module "internal_s3" {
  source = "./modules/bucket"

  name               = "${var.project}-ca-internal-${var.env}"
  prefix             = var.bucket_prefix
  sse_algorithm      = var.sse_algorithm == "" ? "aws:kms" : var.sse_algorithm
  kms_key_arn        = local.bucket_key
  bucket_key_enabled = var.bucket_key_enabled
  force_destroy      = var.force_destroy
  log_bucket         = var.access_logs ? var.log_bucket : null
  statements         = []
  tags               = merge(var.tags, var.additional_s3_tags)
}

data "aws_s3_bucket" "external" {
  count = var.external_s3_bucket_name == "" ? 0 : 1

  bucket = var.external_s3_bucket_name
}

locals {
  external_bucket = var.external_s3_bucket_name == "" ? {
    name        = module.external_s3[0].name
    arn         = module.external_s3[0].arn
    domain_name = module.external_s3[0].domain_name
    } : {
    name        = data.aws_s3_bucket.external[0].bucket
    arn         = data.aws_s3_bucket.external[0].arn
    domain_name = data.aws_s3_bucket.external[0].bucket_domain_name
  }

  # {bucket} stands for the bucket's ARN.
  external_bucket_statements = concat(
    [for statement in [
      {
        Sid       = "CloudFront"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:GetObject"
        Resource  = "{bucket}/*"
        # Any distribution of this account: this policy is in place before the distribution turns to access control.
        Condition = { ArnLike = { "aws:SourceArn" = "arn:${local.partition}:cloudfront::${local.account}:distribution/*" } }
      },
      {
        Sid       = "CloudFrontIdentity"
        Effect    = "Allow"
        Principal = { AWS = one(aws_cloudfront_origin_access_identity.public[*].iam_arn) }
        Action    = "s3:GetObject"
        Resource  = "{bucket}/*"
      },
      {
        # CloudFront may read without TLS; the principals of this account may not. CloudFront is none of these.
        Sid       = "TlsOnlyFiles"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:GetObject"
        Resource  = "{bucket}/*"
        Condition = {
          Bool         = { "aws:PrincipalIsAWSService" = "false", "aws:SecureTransport" = "false" }
          StringEquals = { "aws:PrincipalAccount" = local.account }
        }
      },
    ] : statement if local.distribution],
    [for statement in [
      {
        Sid       = "ReadFiles"
        Effect    = "Allow"
        Principal = { AWS = var.s3_aws_principals }
        Action = [
          "s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectAttributes", "s3:GetObjectRetention", "s3:GetObjectTagging",
          "s3:GetObjectVersion", "s3:GetObjectVersionTagging",
        ]
        Resource  = "{bucket}/*"
        Condition = { Bool = { "aws:SecureTransport" = "true" } } # also where the statement TlsOnly leaves GetObject alone
      },
      {
        Sid       = "ListFiles"
        Effect    = "Allow"
        Principal = { AWS = var.s3_aws_principals }
        Action = [
          "s3:GetBucketLocation", "s3:GetBucketObjectLockConfiguration", "s3:GetBucketWebsite",
          "s3:GetEncryptionConfiguration", "s3:ListBucket",
        ]
        Resource = "{bucket}"
      },
    ] : statement if length(var.s3_aws_principals) > 0],
  )
}
