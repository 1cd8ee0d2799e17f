variable "public_crl" {
  description = "Publish CRLs and CA certificates to the world: CloudFront in front of the external bucket"
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.public_crl || var.hosted_zone_domain != ""
    error_message = "public_crl needs hosted_zone_domain, the host name in CRL distribution points, such as ca.example.com."
  }

  validation {
    condition     = !var.public_crl || var.hosted_zone_id != "" || var.external_s3_bucket_name != ""
    error_message = "public_crl needs hosted_zone_id, the public Route 53 zone of hosted_zone_domain."
  }
}

variable "hosted_zone_domain" {
  description = "Domain of the public zone, such as ca.example.com: host of CRLs and CA certificates"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+)?$", var.hosted_zone_domain))
    error_message = "hosted_zone_domain '${var.hosted_zone_domain}' is no domain: use a name such as ca.example.com."
  }
}

variable "hosted_zone_id" {
  description = "Id of the public zone, such as Z0123456789ABCDEFGHIJ"
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]*$", var.hosted_zone_id))
    error_message = "hosted_zone_id '${var.hosted_zone_id}' is no zone: use the id that Route 53 shows, such as Z0123456789ABCDEFGHIJ, without /hostedzone/."
  }
}

variable "cloudfront_geo_restricted_locations" {
  description = "Countries that CloudFront does not serve"
  type        = list(string)
  default     = ["CN", "IR", "KP", "RU"]
  nullable    = false

  validation {
    condition     = alltrue([for country in var.cloudfront_geo_restricted_locations : can(regex("^[A-Z]{2}$", country))])
    error_message = "cloudfront_geo_restricted_locations must hold countries as two capital letters, such as KP."
  }
}

variable "cloudfront_minimum_protocol_version" {
  description = "Lowest TLS version of CloudFront"
  type        = string
  default     = "TLSv1.2_2021"
  nullable    = false

  validation {
    condition     = can(regex("^TLSv1(\\.[0-9])?_20[0-9]{2}$", var.cloudfront_minimum_protocol_version))
    error_message = "cloudfront_minimum_protocol_version '${var.cloudfront_minimum_protocol_version}' is unknown: use a security policy of CloudFront such as TLSv1.2_2021."
  }
}

variable "cloudfront_web_acl_id" {
  description = "ARN of a web ACL (WAF) for CloudFront"
  type        = string
  default     = null

  validation {
    condition     = var.cloudfront_web_acl_id == null || can(regex("^(arn:aws[a-z-]*:wafv2:us-east-1:[0-9]{12}:global/webacl/.+|[0-9a-f-]{36})?$", var.cloudfront_web_acl_id))
    error_message = "cloudfront_web_acl_id is no web ACL of CloudFront: use its ARN, arn:aws:wafv2:us-east-1:ACCOUNT:global/webacl/NAME/ID."
  }
}
