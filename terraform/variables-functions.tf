variable "package_file" {
  description = "Local path of the released zip of the functions. Empty: the zip beside the module (in a release) or the one that `make lambda` built (in a clone)"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.package_file == "" ? true : fileexists(var.package_file)
    error_message = "package_file '${var.package_file}' is not there: give the path of a released serverless-ca zip."
  }
}

variable "package_s3" {
  description = "The released zip as an S3 object instead of package_file: bucket, key, its SHA-256 in hexadecimal (the release's SHA256SUMS has it), and the version of the object if the bucket keeps versions"
  type = object({
    bucket         = string
    key            = string
    sha256         = string
    object_version = optional(string)
  })
  default = null

  validation {
    condition     = var.package_s3 == null || var.package_file == ""
    error_message = "Set package_file or package_s3, not both."
  }

  validation {
    condition     = var.package_s3 == null || can(regex("^[0-9a-f]{64}$", var.package_s3.sha256))
    error_message = "package_s3.sha256 must be the zip's SHA-256 as 64 hexadecimal digits: copy it from the release's SHA256SUMS."
  }
}

variable "architecture" {
  description = "Processor of the functions: x86_64 or arm64; the zip must be made for it"
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture '${var.architecture}' is unknown: use x86_64 or arm64."
  }
}

variable "runtime" {
  description = "Has no meaning any more: the functions need no language runtime. Accepted, so that existing callers work"
  type        = string
  default     = ""
  nullable    = false
}

variable "memory_size" {
  description = "Memory of each function, MB"
  type        = number
  default     = 128
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size must be a whole number of MB from 128 to 10240."
  }
}

variable "timeout" {
  description = "Seconds that a function may run"
  type        = number
  default     = 180
  nullable    = false

  validation {
    condition     = var.timeout >= 1 && var.timeout <= 900 && floor(var.timeout) == var.timeout
    error_message = "timeout must be a whole number of seconds from 1 to 900."
  }
}

variable "xray_enabled" {
  description = "Trace functions and state machine with X-Ray"
  type        = bool
  default     = true
  nullable    = false
}

variable "log_retention_in_days" {
  description = "Days that the functions' logs are kept"
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_in_days)
    error_message = "log_retention_in_days must be one that CloudWatch offers, such as 30, 90, 180, 365 or 3653."
  }
}

variable "state_machine_log_retention_in_days" {
  description = "Days that the logs of the state machine are kept"
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.state_machine_log_retention_in_days)
    error_message = "state_machine_log_retention_in_days must be one that CloudWatch offers, such as 30, 90, 180, 365 or 3653."
  }
}

variable "filter_pattern" {
  description = "Which log lines the subscription filters pass on; empty: all"
  type        = string
  default     = ""
  nullable    = false
}

variable "logging_account_id" {
  description = "Account of the central logging destination of the subscription filters"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.logging_account_id == "" || can(regex("^[0-9]{12}$", var.logging_account_id))
    error_message = "logging_account_id '${var.logging_account_id}' is no account: use its 12 digits."
  }
}

variable "subscription_filter_destination" {
  description = "Destination of the subscription filters, last part of its ARN; together with logging_account_id"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.subscription_filter_destination == "" || var.logging_account_id != ""
    error_message = "subscription_filter_destination needs logging_account_id, the account that it is in."
  }
}

variable "aws_principals" {
  description = "ARNs of principals, such as roles of other accounts, that may invoke tls-cert and assume the reader role of the table"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for principal in var.aws_principals : can(regex("^(arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:.+|[0-9]{12})$", principal))])
    error_message = "aws_principals must hold ARNs such as arn:aws:iam::123456789012:role/app, or account numbers; never *."
  }
}
