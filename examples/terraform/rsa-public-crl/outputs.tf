output "external_s3_bucket_name" {
  description = "The bucket that the ml-dsa example shares"
  value       = module.certificate_authority.external_s3_bucket_name
}

output "issuing_ca_crl" {
  description = "Where the world finds the CRL"
  value       = "http://${var.hosted_zone_domain}/serverless-issuing-ca.crl"
}
