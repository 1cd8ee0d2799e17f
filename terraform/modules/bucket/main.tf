resource "random_string" "suffix" {
  count = var.prefix == "" ? 1 : 0

  length  = 5
  special = false
  upper   = false

  lifecycle {
    ignore_changes = all # another suffix would be another bucket
  }
}

locals {
  prefix = replace(lower(var.prefix), " ", "-")
  bucket = var.prefix == "" ? "${lower(var.name)}-${random_string.suffix[0].result}" : "${local.prefix}-${lower(var.name)}"
}

resource "aws_s3_bucket" "bucket" {
  bucket        = local.bucket
  force_destroy = var.force_destroy

  tags = merge(var.tags, { Terraform = "true", Name = local.bucket })
}

resource "aws_s3_bucket_public_access_block" "bucket" {
  bucket                  = aws_s3_bucket.bucket.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "bucket" {
  bucket = aws_s3_bucket.bucket.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "bucket" {
  bucket = aws_s3_bucket.bucket.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "kms" {
  count = var.sse_algorithm == "aws:kms" ? 1 : 0

  bucket = aws_s3_bucket.bucket.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
    bucket_key_enabled = var.bucket_key_enabled
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "s3" {
  count = var.sse_algorithm == "AES256" ? 1 : 0

  bucket = aws_s3_bucket.bucket.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_logging" "bucket" {
  count = var.log_bucket == null ? 0 : 1

  bucket        = aws_s3_bucket.bucket.id
  target_bucket = var.log_bucket
  target_prefix = "${local.bucket}/"
}

resource "aws_s3_bucket_policy" "bucket" {
  bucket = aws_s3_bucket.bucket.id
  policy = replace(jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [merge(
        {
          Sid       = "TlsOnly"
          Effect    = "Deny"
          Principal = "*"
          Resource  = ["{bucket}", "{bucket}/*"]
          Condition = { Bool = { "aws:SecureTransport" = "false" } }
        },
        var.action_without_tls == null ? { Action = "s3:*" } : { NotAction = var.action_without_tls },
      )],
      var.statements,
    )
  }), "{bucket}", aws_s3_bucket.bucket.arn)

  depends_on = [aws_s3_bucket_public_access_block.bucket]
}
