variable "region" {
  description = "Where the workloads are"
  type        = string
  default     = "eu-west-2"
}

variable "tls_cert_function_arn" {
  description = "The CA's function, in the CA's account: output tls_cert_function_arn of the CA's module, or of policy_function_arns the one of the policy that binds the workload"
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*)?$", var.tls_cert_function_arn))
    error_message = "Give the ARN of a function, or of an alias of it, without a version."
  }
}

variable "oidc_provider" {
  description = "The EKS cluster's OIDC provider, its address without https://, for IAM roles for service accounts"
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9.-]+(/[A-Za-z0-9._/-]+)?$", var.oidc_provider))
    error_message = "Give the address of the OIDC provider without https://, such as oidc.eks.eu-west-2.amazonaws.com/id/0123456789ABCDEF."
  }
}

variable "service_account" {
  description = "NAMESPACE:NAME of the service account in the cluster"
  type        = string
  default     = "default:web"
}

variable "layer_zip" {
  description = "The command line as a Lambda layer; null leaves the example function out: see examples/agent/lambda/README.md"
  type        = string
  default     = null
}
