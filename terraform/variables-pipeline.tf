variable "schedule_expression" {
  description = "When the pipeline runs: cron(...) or rate(...), in UTC; daily or more often where reminders are on"
  type        = string
  default     = "cron(15 8 * * ? *)"
  nullable    = false

  validation {
    condition     = can(regex("^(rate\\([1-9][0-9]* (minute|minutes|hour|hours|day|days)\\)|cron\\([^ )]+( [^ )]+){5}\\))$", var.schedule_expression))
    error_message = "schedule_expression '${var.schedule_expression}' is no repeating schedule: use cron(15 8 * * ? *) or rate(12 hours)."
  }
}

variable "crl_schedule" {
  description = "When CRLs are published besides: cron(...) or rate(...), in UTC; empty: only when the pipeline runs, which must then be at least twice in a CRL's life"
  type        = string
  default     = "rate(6 hours)"
  nullable    = false

  validation {
    condition     = can(regex("^(|rate\\([1-9][0-9]* (minute|minutes|hour|hours|day|days)\\)|cron\\([^ )]+( [^ )]+){5}\\))$", var.crl_schedule))
    error_message = "crl_schedule '${var.crl_schedule}' is no repeating schedule: use rate(6 hours) or cron(45 2/6 * * ? *)."
  }
}

variable "cert_info_files" {
  description = "Files of certs/{env} to upload, without .json: tls (GitOps), revoked, revoked-root-ca"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for file in var.cert_info_files : contains(["tls", "revoked", "revoked-root-ca"], file)])
    error_message = "cert_info_files takes tls, revoked and revoked-root-ca, without .json."
  }

  validation {
    condition = alltrue([for file in var.cert_info_files :
    fileexists("${path.cwd}/certs/${var.env}/${file}.json") || fileexists("${path.root}/certs/${var.env}/${file}.json")])
    error_message = "cert_info_files names a file that is not there: make ${join(", ", [for file in var.cert_info_files : "certs/${var.env}/${file}.json"
    if !fileexists("${path.cwd}/certs/${var.env}/${file}.json") && !fileexists("${path.root}/certs/${var.env}/${file}.json")])}, an empty list being [], or leave the name out."
  }

  validation {
    condition = alltrue([for file in var.cert_info_files : can(concat(jsondecode(try(file("${path.cwd}/certs/${var.env}/${file}.json"),
    file("${path.root}/certs/${var.env}/${file}.json"), "[]")), []))])
    error_message = "certs/${var.env} holds a file of cert_info_files that is no JSON list: check commas, quotes and brackets."
  }
}

variable "csr_files" {
  description = "Files of certs/{env}/csrs to upload"
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([for file in var.csr_files :
    fileexists("${path.cwd}/certs/${var.env}/csrs/${file}") || fileexists("${path.root}/certs/${var.env}/csrs/${file}")])
    error_message = "csr_files names a file that is not there: add ${join(", ", [for file in var.csr_files : "certs/${var.env}/csrs/${file}"
    if !fileexists("${path.cwd}/certs/${var.env}/csrs/${file}") && !fileexists("${path.root}/certs/${var.env}/csrs/${file}")])}, or leave it out."
  }
}

variable "max_concurrency" {
  description = "Entries of tls.json that a run looks at at once, each a call of tls-cert; those that have their certificate are settled without one"
  type        = number
  default     = 40
  nullable    = false

  validation {
    condition     = var.max_concurrency >= 1 && var.max_concurrency <= 1000 && floor(var.max_concurrency) == var.max_concurrency
    error_message = "max_concurrency must be a whole number from 1 to 1000: how many entries of tls.json are looked at at once."
  }
}

variable "root_crl_days" {
  description = "Days that a CRL of the root CA is good for, besides root_crl_seconds"
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.root_crl_days >= 0 && var.root_crl_days <= 3650 && floor(var.root_crl_days) == var.root_crl_days
    error_message = "root_crl_days must be a whole number from 0 to 3650."
  }

  validation {
    condition     = var.root_crl_days * 86400 + var.root_crl_seconds >= module.crl_times.least_life
    error_message = "root_crl_days and root_crl_seconds give a CRL of ${var.root_crl_days * 86400 + var.root_crl_seconds} s, but it must be good for ${module.crl_times.least_life} s, ${local.crl_least_life}, so that one that fails lets none lapse: raise root_crl_days, or set crl_schedule to a shorter time, such as rate(${max(1, floor((var.root_crl_days * 86400 + var.root_crl_seconds) / 120))} minutes)."
  }
}

variable "root_crl_seconds" {
  description = "Seconds added to root_crl_days: overlap of two CRLs, for clocks that differ"
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.root_crl_seconds >= 0 && var.root_crl_seconds <= 86400 && floor(var.root_crl_seconds) == var.root_crl_seconds
    error_message = "root_crl_seconds must be a whole number from 0 to 86400."
  }
}

variable "issuing_crl_days" {
  description = "Days that a CRL of the issuing CA is good for, besides issuing_crl_seconds"
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.issuing_crl_days >= 0 && var.issuing_crl_days <= 3650 && floor(var.issuing_crl_days) == var.issuing_crl_days
    error_message = "issuing_crl_days must be a whole number from 0 to 3650."
  }

  validation {
    condition     = var.issuing_crl_days * 86400 + var.issuing_crl_seconds >= module.crl_times.least_life
    error_message = "issuing_crl_days and issuing_crl_seconds give a CRL of ${var.issuing_crl_days * 86400 + var.issuing_crl_seconds} s, but it must be good for ${module.crl_times.least_life} s, ${local.crl_least_life}, so that one that fails lets none lapse: raise issuing_crl_days, or set crl_schedule to a shorter time, such as rate(${max(1, floor((var.issuing_crl_days * 86400 + var.issuing_crl_seconds) / 120))} minutes)."
  }
}

variable "issuing_crl_seconds" {
  description = "Seconds added to issuing_crl_days: overlap of two CRLs, for clocks that differ"
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.issuing_crl_seconds >= 0 && var.issuing_crl_seconds <= 86400 && floor(var.issuing_crl_seconds) == var.issuing_crl_seconds
    error_message = "issuing_crl_seconds must be a whole number from 0 to 86400."
  }
}

variable "expiry_reminders" {
  description = "Days before expiry on which to remind; empty: no reminders"
  type        = list(number)
  default     = [30, 15, 7, 1]
  nullable    = false

  validation {
    condition     = alltrue([for days in var.expiry_reminders : days >= 1 && days <= 36500 && floor(days) == days])
    error_message = "expiry_reminders must hold whole numbers of days from 1, such as [30, 15, 7, 1]."
  }

  validation {
    condition     = length(var.expiry_reminders) == 0 || !contains(var.cert_info_files, "tls") || module.crl_times.pauses["pipeline"] <= 86400
    error_message = "expiry_reminders are looked at by day, but schedule_expression '${var.schedule_expression}' runs more rarely: run daily, or set expiry_reminders = []."
  }
}
