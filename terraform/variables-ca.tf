variable "project" {
  description = "Abbreviation of the project, first part of every name: letters, digits and single hyphens"
  type        = string
  default     = "serverless"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", var.project))
    error_message = "project '${var.project}' does not fit into names: use letters, digits and single hyphens, such as secure-email."
  }

  validation {
    condition     = length(var.project) + length(var.env) <= 44
    error_message = "project and env have ${length(var.project) + length(var.env)} characters together: bucket names hold 63, so use at most 44."
  }
}

variable "env" {
  description = "Environment, such as dev; part of names, and the folder certs/{env}"
  type        = string
  default     = "dev"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", var.env))
    error_message = "env '${var.env}' does not fit into names: use letters, digits and single hyphens, such as dev."
  }
}

variable "prod_envs" {
  description = "Production environments: names of CAs, keys and published files have no suffix there"
  type        = list(string)
  default     = ["prd", "prod"]
  nullable    = false
}

variable "root_ca_info" {
  description = "Subject and lifetime (days) of the root CA"
  type = object({
    commonName           = string
    country              = optional(string)
    state                = optional(string)
    lifetime             = optional(number)
    locality             = optional(string)
    organization         = optional(string)
    organizationalUnit   = optional(string)
    emailAddress         = optional(string)
    pathLengthConstraint = optional(number)
  })
  default = {
    commonName           = "Serverless Root CA"
    country              = "GB"
    emailAddress         = null
    lifetime             = 7300
    locality             = "London"
    organization         = "Serverless"
    organizationalUnit   = "IT"
    pathLengthConstraint = null
    state                = "London"
  }
  nullable = false

  validation {
    condition     = try(length(var.root_ca_info.commonName) >= 1, false)
    error_message = "root_ca_info.commonName is missing: give the CA a name."
  }

  validation {
    condition     = try(var.root_ca_info.lifetime >= 1 && var.root_ca_info.lifetime <= 36500 && floor(var.root_ca_info.lifetime) == var.root_ca_info.lifetime, var.root_ca_info.lifetime == null)
    error_message = "root_ca_info.lifetime must be a whole number of days from 1 to 36500."
  }

  validation {
    condition     = try(var.root_ca_info.pathLengthConstraint >= 0 && var.root_ca_info.pathLengthConstraint <= 255 && floor(var.root_ca_info.pathLengthConstraint) == var.root_ca_info.pathLengthConstraint, var.root_ca_info.pathLengthConstraint == null)
    error_message = "root_ca_info.pathLengthConstraint must be a whole number from 1 to 255; leave it out for no limit."
  }
}

variable "issuing_ca_info" {
  description = "Subject and lifetime (days) of the issuing CA"
  type = object({
    commonName           = string
    country              = optional(string)
    state                = optional(string)
    lifetime             = optional(number)
    locality             = optional(string)
    organization         = optional(string)
    organizationalUnit   = optional(string)
    emailAddress         = optional(string)
    pathLengthConstraint = optional(number)
  })
  default = {
    commonName           = "Serverless Issuing CA"
    country              = "GB"
    emailAddress         = null
    lifetime             = 3650
    locality             = "London"
    organization         = "Serverless"
    organizationalUnit   = "IT"
    pathLengthConstraint = null
    state                = "London"
  }
  nullable = false

  validation {
    condition     = try(length(var.issuing_ca_info.commonName) >= 1, false)
    error_message = "issuing_ca_info.commonName is missing: give the CA a name."
  }

  validation {
    condition     = try(var.issuing_ca_info.lifetime >= 1 && var.issuing_ca_info.lifetime <= 36500 && floor(var.issuing_ca_info.lifetime) == var.issuing_ca_info.lifetime, var.issuing_ca_info.lifetime == null)
    error_message = "issuing_ca_info.lifetime must be a whole number of days from 1 to 36500."
  }

  validation {
    condition     = try(var.issuing_ca_info.pathLengthConstraint >= 0 && var.issuing_ca_info.pathLengthConstraint <= 255 && floor(var.issuing_ca_info.pathLengthConstraint) == var.issuing_ca_info.pathLengthConstraint, var.issuing_ca_info.pathLengthConstraint == null)
    error_message = "issuing_ca_info.pathLengthConstraint must be a whole number from 0 to 255; leave it out for no limit."
  }
}

variable "root_ca_key_spec" {
  description = "KMS key spec of the root CA. A CA keeps its key: a plan with another spec is refused"
  type        = string
  default     = "ECC_NIST_P384"
  nullable    = false

  validation {
    condition = contains([
      "RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521",
      "ML_DSA_44", "ML_DSA_65", "ML_DSA_87",
    ], var.root_ca_key_spec)
    error_message = "root_ca_key_spec '${var.root_ca_key_spec}' is unknown: use RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ML_DSA_44, ML_DSA_65 or ML_DSA_87."
  }
}

variable "issuing_ca_key_spec" {
  description = "KMS key spec of the issuing CA. A CA keeps its key: a plan with another spec is refused"
  type        = string
  default     = "ECC_NIST_P256"
  nullable    = false

  validation {
    condition = contains([
      "RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521",
      "ML_DSA_44", "ML_DSA_65", "ML_DSA_87",
    ], var.issuing_ca_key_spec)
    error_message = "issuing_ca_key_spec '${var.issuing_ca_key_spec}' is unknown: use RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ML_DSA_44, ML_DSA_65 or ML_DSA_87."
  }
}

variable "ca_creation" {
  description = "Whether the functions that create CAs may do so. Set it to false once both CAs are there: nobody but the CRL function can sign with the root key then"
  type        = bool
  default     = true
  nullable    = false
}

variable "max_cert_lifetime" {
  description = "Days at most that an end-entity certificate lives"
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = var.max_cert_lifetime >= 1 && var.max_cert_lifetime <= 36500 && floor(var.max_cert_lifetime) == var.max_cert_lifetime
    error_message = "max_cert_lifetime is ${var.max_cert_lifetime}: use a whole number of days from 1 to 36500."
  }
}

variable "custom_extension_allowlist" {
  description = "OIDs of custom extensions that requests may ask for"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for oid in var.custom_extension_allowlist : can(regex("^([01]\\.([0-9]|[1-3][0-9])|2\\.(0|[1-9][0-9]*))(\\.(0|[1-9][0-9]*))*$", oid))])
    error_message = "custom_extension_allowlist must hold dotted object identifiers, such as 1.3.6.1.4.1.32473.1."
  }
}

variable "extended_key_usage_allowlist" {
  description = "OIDs of extended key usages that requests may ask for; empty: all"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for oid in var.extended_key_usage_allowlist : can(regex("^([01]\\.([0-9]|[1-3][0-9])|2\\.(0|[1-9][0-9]*))(\\.(0|[1-9][0-9]*))*$", oid))])
    error_message = "extended_key_usage_allowlist must hold dotted object identifiers, such as 1.3.6.1.5.5.7.3.2."
  }
}

variable "single_label_names" {
  description = "Whether subject alternative names may be DNS names of one label, such as localhost or db"
  type        = bool
  default     = false
  nullable    = false
}

variable "allow_ocsp_signing" {
  description = "Whether requests may ask for the usage OCSP_SIGNING. Whoever has such a certificate answers for the issuing CA which certificates are revoked"
  type        = bool
  default     = false
  nullable    = false
}

variable "certificate_policies" {
  description = "Policy OIDs that end-entity certificates assert; empty: none"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for oid in var.certificate_policies : can(regex("^([01]\\.([0-9]|[1-3][0-9])|2\\.(0|[1-9][0-9]*))(\\.(0|[1-9][0-9]*))*$", oid))])
    error_message = "certificate_policies must hold dotted object identifiers, such as 2.23.140.1.2.1."
  }
}

variable "lint_ignore" {
  description = "Lints that are switched off: ids, or notice, warning, error for all lints of a severity"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.lint_ignore, local.lint_words)) == 0
    error_message = "lint_ignore must hold ids of lints (docs/lints.md), such as san-near-duplicate, or notice, warning, error, but not ${join(", ", setsubtract(var.lint_ignore, local.lint_words))}."
  }
}

variable "lint_refuse" {
  description = "Lints whose findings refuse a request: ids, or notice, warning, error for all lints of a severity"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.lint_refuse, local.lint_words)) == 0
    error_message = "lint_refuse must hold ids of lints (docs/lints.md), such as san-near-duplicate, or notice, warning, error, but not ${join(", ", setsubtract(var.lint_refuse, local.lint_words))}."
  }

  validation {
    condition     = length(setintersection(var.lint_refuse, var.lint_ignore)) == 0
    error_message = "lint_refuse and lint_ignore both hold ${join(", ", setintersection(var.lint_refuse, var.lint_ignore))}: remove it from one of them."
  }
}

variable "lint_targets" {
  description = "Places where every certificate must work; their lints run as well"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([for target in var.lint_targets :
      contains(["alb", "api-gateway", "cloudfront", "iam-roles-anywhere", "openssl", "java", "browser"], target)
    ])
    error_message = "lint_targets must hold alb, api-gateway, cloudfront, iam-roles-anywhere, openssl, java or browser."
  }
}
