variable "name" {
  description = "Name without the part that makes it unique"
  type        = string
}

variable "prefix" {
  description = "Put before the name; empty: a random suffix instead"
  type        = string
}

variable "sse_algorithm" {
  description = "AES256 or aws:kms"
  type        = string
}

variable "kms_key_arn" {
  description = "Key for aws:kms; null: the account's key aws/s3"
  type        = string
  default     = null
}

variable "bucket_key_enabled" {
  description = "S3 bucket key, for aws:kms"
  type        = bool
  default     = false
}

variable "log_bucket" {
  description = "Takes access logs; null: none"
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Empty the bucket when it is destroyed"
  type        = bool
}

variable "action_without_tls" {
  description = "The one action that the statement that demands TLS leaves alone; null: none"
  type        = string
  default     = null
}

variable "statements" {
  description = "Statements of the bucket's policy besides the one that demands TLS; {bucket} stands for its ARN"
  type        = any
}

variable "tags" {
  description = "Tags of the bucket"
  type        = map(string)
}
