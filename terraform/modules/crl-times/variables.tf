variable "pipeline" {
  description = "When the pipeline runs, which publishes both CRLs: an expression of EventBridge Scheduler"
  type        = string
}

variable "crls" {
  description = "When CRLs are published besides: an expression, or empty"
  type        = string
}

variable "lives" {
  description = "How long a CRL is good for, in seconds, by function"
  type        = map(number)
}
