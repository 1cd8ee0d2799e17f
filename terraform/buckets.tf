# What the world gets: CRLs and CA certificates.
module "external_s3" {
  source = "./modules/bucket"
  count  = var.external_s3_bucket_name == "" ? 1 : 0

  name          = "${var.project}-ca-external-${var.env}"
  prefix        = var.bucket_prefix
  sse_algorithm = "AES256"
  log_bucket    = var.access_logs ? var.log_bucket : null
  statements    = local.external_bucket_statements
  tags          = merge(var.tags, var.additional_s3_tags)
}

# What the operator hands in: tls.json, CSRs, revocation lists.
module "internal_s3" {
  source = "./modules/bucket"

  name               = "${var.project}-ca-internal-${var.env}"
  prefix             = var.bucket_prefix
  sse_algorithm      = var.sse_algorithm == "" ? "aws:kms" : var.sse_algorithm
  kms_key_arn        = local.bucket_key
  bucket_key_enabled = var.bucket_key_enabled
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
        # Not by the distribution's ARN: this policy is in place before the distribution turns to access control.
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "CloudFrontIdentity"
        Effect    = "Allow"
        Principal = { AWS = one(aws_cloudfront_origin_access_identity.public[*].iam_arn) }
        Action    = "s3:GetObject"
        Resource  = "{bucket}/*"
      },
    ] : statement if local.distribution],
    [for statement in [
      {
        Sid       = "ReadFiles"
        Effect    = "Allow"
        Principal = { AWS = var.s3_aws_principals }
        Action    = ["s3:GetObject", "s3:GetObjectAttributes", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"]
        Resource  = "{bucket}/*"
      },
      {
        Sid       = "ListFiles"
        Effect    = "Allow"
        Principal = { AWS = var.s3_aws_principals }
        Action    = ["s3:GetBucketLocation", "s3:GetEncryptionConfiguration", "s3:ListBucket"]
        Resource  = "{bucket}"
      },
    ] : statement if length(var.s3_aws_principals) > 0],
  )
}
