variable "region" {
  description = "AWS region"
  type        = string
  default     = "eu-west-2"
}

variable "hosted_zone_domain" {
  description = "Domain of a public Route 53 zone of this account, such as ca.example.com"
  type        = string
}

variable "bucket_prefix" {
  description = "First part of the buckets' names"
  type        = string
  default     = "my-company"
}

variable "slack_token" {
  description = "Token of the Slack app; empty: put it into the secret by hand"
  type        = string
  default     = ""
  sensitive   = true
}
