variable "name" {
  description = "Name of the function, its role, alias and log group"
  type        = string
}

variable "role_name" {
  description = "Name of the role, where it is another"
  type        = string
}

variable "handler" {
  description = "Short name: which of the seven functions the program is"
  type        = string
}

variable "description" {
  description = "What it does"
  type        = string
}

variable "product_version" {
  description = "Version of the module and so of the program: at the end of the description, and the tag serverless-ca-version"
  type        = string
}

variable "environment" {
  description = "Environment variables"
  type        = map(string)
}

variable "statements" {
  description = "What its role may do besides logging and tracing: statements of a policy"
  type        = any
}

variable "package" {
  description = "Zip: either filename, or s3_bucket, s3_key and s3_object_version; and its hash in base64"
  type = object({
    filename          = string
    s3_bucket         = string
    s3_key            = string
    s3_object_version = string
    hash              = string
  })
}

variable "architecture" {
  description = "x86_64 or arm64"
  type        = string
}

variable "memory_size" {
  description = "MB"
  type        = number
}

variable "timeout" {
  description = "Seconds"
  type        = number
}

variable "xray_enabled" {
  description = "Trace it"
  type        = bool
}

variable "log_retention_in_days" {
  description = "Days that its logs are kept"
  type        = number
}

variable "log_destination" {
  description = "ARN that a subscription filter passes logs to; null: none"
  type        = string
}

variable "filter_pattern" {
  description = "Which logs"
  type        = string
}

variable "invoke_principals" {
  description = "Principals that may invoke it by its own policy"
  type        = list(string)
  default     = []
}

variable "alias_principals" {
  description = "Further aliases, with the principals that may invoke it by each"
  type        = map(list(string))
  default     = {}
}

variable "tags" {
  description = "Tags"
  type        = map(string)
}
