variable "bucket_prefix" {
  description = "First part of the buckets' names, to make them unique; empty: a random last part instead"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9][A-Za-z0-9 -]*)?$", var.bucket_prefix))
    error_message = "bucket_prefix '${var.bucket_prefix}' does not fit into a bucket's name: use letters, digits and hyphens."
  }

  validation {
    condition     = length("${var.bucket_prefix}-${var.project}-ca-external-${var.env}") <= 63
    error_message = "The bucket's name ${var.bucket_prefix}-${var.project}-ca-external-${var.env} is longer than 63 characters: shorten bucket_prefix."
  }
}

variable "external_s3_bucket_name" {
  description = "Bucket of another stack in this account, to publish CRLs and CA certificates into; empty: a bucket of its own"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$", var.external_s3_bucket_name))
    error_message = "external_s3_bucket_name '${var.external_s3_bucket_name}' is no bucket's name: copy the output external_s3_bucket_name of the other stack."
  }
}

variable "s3_aws_principals" {
  description = "ARNs of principals that may read the external bucket"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for principal in var.s3_aws_principals : can(regex("^(arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:.+|[0-9]{12})$", principal))])
    error_message = "s3_aws_principals must hold ARNs such as arn:aws:iam::123456789012:role/app, or account numbers."
  }

  validation {
    condition     = length(var.s3_aws_principals) == 0 || var.external_s3_bucket_name == ""
    error_message = "s3_aws_principals would have no effect: the external bucket belongs to another stack; give them there."
  }
}

variable "force_destroy" {
  description = "Empty the buckets when they are destroyed, with all versions of the files. The external bucket and the copies in the internal one are what a CA knows its last CRL by"
  type        = bool
  default     = false
  nullable    = false
}

variable "sse_algorithm" {
  description = "Encryption of the internal bucket: aws:kms, AES256, or empty for aws:kms. The external bucket is public by nature and uses AES256"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = contains(["AES256", "aws:kms", ""], var.sse_algorithm)
    error_message = "sse_algorithm '${var.sse_algorithm}' is unknown: use AES256 or aws:kms, or leave it empty."
  }
}

variable "kms_key_alias" {
  description = "Alias of the KMS key of the internal bucket, with or without alias/; empty: the stack's own key. The key must be there before files are, in this account and region, and its policy must leave its use to IAM"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9/_-]*$", var.kms_key_alias))
    error_message = "kms_key_alias '${var.kms_key_alias}' is no alias: use a name such as alias/buckets."
  }
}

variable "kms_arn_resource" {
  description = "ARN of the KMS key of tables, topic and Slack's token; empty: the stack's own key. It never signs"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+)?$", var.kms_arn_resource))
    error_message = "kms_arn_resource '${var.kms_arn_resource}' is no key: use its ARN, arn:aws:kms:REGION:ACCOUNT:key/ID, not an alias."
  }
}

variable "default_aws_kms_key_for_s3" {
  description = "Use the account's key aws/s3 for the internal bucket; only with sse_algorithm aws:kms"
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.default_aws_kms_key_for_s3 || (var.sse_algorithm != "AES256" && var.kms_key_alias == "")
    error_message = "default_aws_kms_key_for_s3 is one of three choices: leave out kms_key_alias and sse_algorithm AES256."
  }
}

variable "bucket_key_enabled" {
  description = "S3 bucket key for the internal bucket: fewer calls of KMS"
  type        = bool
  default     = false
  nullable    = false
}

variable "access_logs" {
  description = "Access logs of the buckets, to log_bucket"
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.access_logs || var.log_bucket != ""
    error_message = "access_logs needs log_bucket, the name of the bucket that takes them."
  }
}

variable "log_bucket" {
  description = "Bucket of access logs"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9._-]{3,255})?$", var.log_bucket)) # old buckets have names that new ones may not
    error_message = "log_bucket '${var.log_bucket}' is no bucket's name: use its name, not its ARN."
  }
}

variable "dynamodb_deletion_protection" {
  description = "Protect the tables from deletion"
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of all resources that take some"
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "additional_dynamodb_tags" {
  description = "More tags of the tables"
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "additional_lambda_tags" {
  description = "More tags of the functions"
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "additional_s3_tags" {
  description = "More tags of the buckets"
  type        = map(string)
  default     = {}
  nullable    = false
}
