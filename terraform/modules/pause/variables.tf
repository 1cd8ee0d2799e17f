variable "expression" {
  description = "Of EventBridge Scheduler: rate(...) or cron(...)"
  type        = string
}
