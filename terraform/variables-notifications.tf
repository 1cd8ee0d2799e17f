variable "custom_sns_topic_name" {
  description = "Name of the topic; empty: {project}-ca-notifications-{env}"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{0,256}$", var.custom_sns_topic_name))
    error_message = "custom_sns_topic_name takes letters, digits, hyphens and underscores."
  }
}

variable "custom_sns_topic_display_name" {
  description = "Display name of the topic, the sender of its mails; empty: custom_sns_topic_name or, without one, such as Serverless CA Notifications Dev"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.custom_sns_topic_display_name) <= 100
    error_message = "custom_sns_topic_display_name has more than 100 characters: shorten it."
  }
}

variable "sns_email_subscriptions" {
  description = "Mail addresses that subscribe; each gets a mail to confirm"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.sns_email_subscriptions : can(regex("^[^@ ]+@[^@ ]+$", address))])
    error_message = "sns_email_subscriptions must hold mail addresses."
  }
}

variable "sns_lambda_subscriptions" {
  description = "Functions that subscribe: a name of your own => ARN"
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for arn in values(var.sns_lambda_subscriptions) : can(regex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:.+$", arn))])
    error_message = "sns_lambda_subscriptions must hold ARNs of functions, such as arn:aws:lambda:eu-west-2:123456789012:function:audit."
  }

  validation {
    condition     = length(var.slack_channels) == 0 || !contains(keys(var.sns_lambda_subscriptions), "notify")
    error_message = "sns_lambda_subscriptions: notify is the name of Slack's function; use another one."
  }
}

variable "sns_sqs_subscriptions" {
  description = "Queues that subscribe, with raw delivery: a name of your own => ARN"
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for arn in values(var.sns_sqs_subscriptions) : can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:.+$", arn))])
    error_message = "sns_sqs_subscriptions must hold ARNs of queues, such as arn:aws:sqs:eu-west-2:123456789012:siem."
  }
}

variable "sns_policy" {
  description = "Policy of the topic, JSON, instead of a template"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.sns_policy == "" || can(jsondecode(var.sns_policy))
    error_message = "sns_policy is no JSON: use jsonencode or an aws_iam_policy_document."
  }
}

variable "sns_policy_template" {
  description = "Policy of the topic: default, cross-account (workload_account_id may subscribe) or eventbridge (EventBridge may publish)"
  type        = string
  default     = "default"
  nullable    = false

  validation {
    condition     = contains(["default", "cross-account", "eventbridge"], var.sns_policy_template)
    error_message = "sns_policy_template '${var.sns_policy_template}' is unknown: use default, cross-account or eventbridge, or give sns_policy."
  }
}

variable "workload_account_id" {
  description = "Account that may subscribe, with sns_policy_template cross-account"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = var.workload_account_id == "" || can(regex("^[0-9]{12}$", var.workload_account_id))
    error_message = "workload_account_id '${var.workload_account_id}' is no account: use its 12 digits."
  }

  validation {
    condition     = var.sns_policy_template != "cross-account" || var.sns_policy != "" || var.workload_account_id != ""
    error_message = "sns_policy_template cross-account needs workload_account_id, the account that may subscribe."
  }
}

variable "slack_channels" {
  description = "Slack channels to post to; empty: no Slack"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for channel in var.slack_channels : can(regex("^#?[^, ]+$", channel))])
    error_message = "slack_channels must hold channel names or ids, one an element, without commas and spaces."
  }
}

variable "slack_token" {
  description = "Token of the Slack app (xoxb-...); it is kept in Terraform's state. Empty: put it into the secret yourself"
  type        = string
  default     = ""
  sensitive   = true
  nullable    = false

  validation {
    condition     = var.slack_token == "" || startswith(var.slack_token, "xoxb-")
    error_message = "slack_token is no bot token: it begins with xoxb-."
  }
}

variable "slack_username" {
  description = "Name shown in Slack"
  type        = string
  default     = "Serverless CA"
  nullable    = false
}

variable "slack_good_emoji" {
  description = "Emoji of good events"
  type        = string
  default     = ":white_check_mark:"
  nullable    = false
}

variable "slack_bad_emoji" {
  description = "Emoji of bad events"
  type        = string
  default     = ":octagonal_sign:"
  nullable    = false
}

variable "slack_warning_emoji" {
  description = "Emoji of warnings"
  type        = string
  default     = ":warning:"
  nullable    = false
}

variable "secret_recovery_window_in_days" {
  description = "Days that the deleted Slack secret can be restored; 0: none"
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.secret_recovery_window_in_days == 0 || (var.secret_recovery_window_in_days >= 7 && var.secret_recovery_window_in_days <= 30)
    error_message = "secret_recovery_window_in_days must be 0, or from 7 to 30."
  }
}
