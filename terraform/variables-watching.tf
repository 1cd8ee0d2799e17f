variable "alarms_enabled" {
  description = "Alarms and events to the topic: pipeline or function failed, CRL overdue or too old at its public URL, CA near its end, CA keys changed, throttles, undelivered notifications (docs/aws/watching.md)"
  type        = bool
  default     = true
  nullable    = false
}

variable "alarm_actions" {
  description = "ARNs that alarms notify besides the topic, such as a topic of the team on duty, also when they end. The topic of this stack cannot report that it delivers nothing"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.alarm_actions : can(regex("^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$", arn))])
    error_message = "alarm_actions must hold ARNs of this region, such as arn:aws:sns:eu-west-2:123456789012:on-duty."
  }

  validation {
    condition     = length(var.alarm_actions) <= 4
    error_message = "alarm_actions takes 4 ARNs at most: CloudWatch allows 5 actions, and the topic of this stack is one."
  }
}

variable "dead_letter_queues_enabled" {
  description = "Queues for what the schedules could not start and for notifications that a function or queue did not take, with alarms while something is in them"
  type        = bool
  default     = false
  nullable    = false
}

variable "dashboard_enabled" {
  description = "A CloudWatch dashboard of the CA"
  type        = bool
  default     = false
  nullable    = false
}
