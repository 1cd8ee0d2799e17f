variable "request_policies" {
  description = "Policies by name: what their callers may ask for. Each is an alias of tls-cert with this name (docs/aws/policies.md)"
  type = map(object({
    common_names = list(string)
    sans         = optional(list(string))
    usages       = optional(list(string))
    max_days     = optional(number)
    extensions   = optional(list(string))
    allow_force  = optional(bool)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.request_policies) : can(regex("^[A-Za-z0-9_-]{1,64}$", name)) && !can(regex("^[0-9]+$", name))])
    error_message = "request_policies: a name is also the name of an alias: use 1 to 64 letters, digits, dashes and underscores, and not digits alone."
  }

  validation {
    condition     = !contains(keys(var.request_policies), "${var.project}-tls-cert-${var.env}")
    error_message = "request_policies: '${var.project}-tls-cert-${var.env}' is the alias that the function has without policies: choose another name."
  }

  validation {
    condition     = alltrue([for policy in values(var.request_policies) : try(length(policy.common_names) > 0, false)])
    error_message = "request_policies: every policy needs common_names, such as [\"*.web.example.com\"]; [\"*\"] allows every name."
  }

  validation {
    condition     = alltrue(flatten([for policy in values(var.request_policies) : [for san in coalesce(policy.sans, []) : can(regex("^([*]|(DNS_NAME|IP_ADDRESS|EMAIL_ADDRESS|URL|DN):.+)$", san))]]))
    error_message = "request_policies: sans must hold patterns with a type, such as DNS_NAME:*.web.example.com or IP_ADDRESS:10.0.0.0/8."
  }

  validation {
    condition     = alltrue([for policy in values(var.request_policies) : try(policy.max_days >= 1 && policy.max_days <= 36500 && floor(policy.max_days) == policy.max_days, policy.max_days == null)])
    error_message = "request_policies: max_days must be a whole number of days from 1 to 36500; leave it out for max_cert_lifetime."
  }

  validation {
    condition     = alltrue(flatten([for policy in values(var.request_policies) : [for oid in coalesce(policy.extensions, []) : can(regex("^([01]\\.([0-9]|[1-3][0-9])|2\\.(0|[1-9][0-9]*))(\\.(0|[1-9][0-9]*))*$", oid))]]))
    error_message = "request_policies: extensions must hold dotted object identifiers, such as 1.3.6.1.4.1.32473.1."
  }

  # All variables of a function have 4 KB together (AWS Lambda quotas), and the others need up to half of them.
  validation {
    condition     = length(base64gzip(jsonencode(var.request_policies))) <= 2560
    error_message = "request_policies have ${length(base64gzip(jsonencode(var.request_policies)))} characters when they are packed for the function, which holds 2560: join policies that differ little, or use shorter patterns."
  }
}

variable "request_policy_principals" {
  description = "By name of a policy: ARNs of principals, such as roles of other accounts, that may invoke its alias of tls-cert, and nothing else"
  type        = map(list(string))
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.request_policy_principals), keys(var.request_policies))) == 0
    error_message = "request_policy_principals: there is no policy ${join(", ", setsubtract(keys(var.request_policy_principals), keys(var.request_policies)))} in request_policies."
  }

  validation {
    condition     = alltrue(flatten([for principals in values(var.request_policy_principals) : [for principal in principals : can(regex("^(arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:.+|[0-9]{12})$", principal))]]))
    error_message = "request_policy_principals must hold ARNs such as arn:aws:iam::123456789012:role/app, or account numbers; never *."
  }

  # Else the policy would bind nobody who is named here: they could leave the alias out.
  validation {
    condition     = length(setintersection(flatten(values(var.request_policy_principals)), var.aws_principals)) == 0
    error_message = "${join(", ", setintersection(flatten(values(var.request_policy_principals)), var.aws_principals))} may invoke tls-cert without a policy by aws_principals: name a principal there or in request_policy_principals."
  }
}

variable "issuing_ca_name_constraints" {
  description = "Names that the issuing CA may certify (RFC 5280, 4.2.1.10), each TYPE:NAME, such as DNS_NAME:example.com or IP_ADDRESS:10.0.0.0/8; looked at when it is created. Null: all"
  type = object({
    permitted = optional(list(string))
    excluded  = optional(list(string))
  })
  default = null

  validation {
    condition = var.issuing_ca_name_constraints == null ? true : alltrue([
      for name in concat(coalesce(var.issuing_ca_name_constraints.permitted, []), coalesce(var.issuing_ca_name_constraints.excluded, [])) :
      can(regex("^(DNS_NAME|EMAIL_ADDRESS|IP_ADDRESS):.+$", name))
    ])
    error_message = "issuing_ca_name_constraints must hold names such as DNS_NAME:example.com, EMAIL_ADDRESS:example.com or IP_ADDRESS:10.0.0.0/8."
  }
}
