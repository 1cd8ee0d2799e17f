variable "region" {
  description = "AWS region"
  type        = string
  default     = "eu-west-2"
}

variable "external_s3_bucket_name" {
  description = "Output external_s3_bucket_name of the rsa-public-crl example"
  type        = string
}

variable "hosted_zone_domain" {
  description = "Domain that the rsa-public-crl example serves"
  type        = string
}
