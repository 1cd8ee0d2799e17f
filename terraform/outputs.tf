output "ca_bundle_s3_key" {
  description = "Object key of the CA bundle"
  value       = module.names.bundle_file
}

output "ca_bundle_s3_location" {
  description = "S3 location of the CA bundle, for use as a trust store"
  value       = "${local.external_bucket.domain_name}/${module.names.bundle_file}"
}

output "cloudfront_domain_name" {
  description = "Domain name of the CloudFront distribution; null without one"
  value       = one(aws_cloudfront_distribution.public[*].domain_name)
}

output "external_s3_bucket_name" {
  description = "Bucket of CRLs and CA certificates"
  value       = local.external_bucket.name
}

output "internal_s3_bucket_name" {
  description = "Bucket of tls.json, CSRs and revocation lists"
  value       = module.internal_s3.name
}

output "issuing_ca_cert_s3_location" {
  description = "S3 location of the issuing CA's certificate"
  value       = "${local.external_bucket.domain_name}/${module.names.issuing_ca}.crt"
}

output "issuing_ca_crl_s3_location" {
  description = "S3 location of the issuing CA's CRL"
  value       = "${local.external_bucket.domain_name}/${module.names.issuing_ca}.crl"
}

output "root_ca_cert_s3_location" {
  description = "S3 location of the root CA's certificate"
  value       = "${local.external_bucket.domain_name}/${module.names.root_ca}.crt"
}

output "root_ca_crl_s3_location" {
  description = "S3 location of the root CA's CRL"
  value       = "${local.external_bucket.domain_name}/${module.names.root_ca}.crl"
}

output "sns_topic_arn" {
  description = "Topic of notifications and alarms"
  value       = aws_sns_topic.notifications.arn
}

output "state_machine_arn" {
  description = "The pipeline: start it after a change of certs/{env}"
  value       = aws_sfn_state_machine.pipeline.arn
}

output "tls_cert_function_arn" {
  description = "The function that issues certificates"
  value       = module.function["tls-cert"].arn
}

output "policy_function_arns" {
  description = "By name of a policy: ARN of tls-cert by its alias, for callers that it binds"
  value       = module.function["tls-cert"].alias_arns
}

output "policy_requester_policies" {
  description = "By name of a policy: IAM policy (JSON) that lets a person or program request what it allows, and nothing else"
  value = { for name, arn in module.function["tls-cert"].alias_arns : name => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "RequestCertificates"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = arn
    }]
  }) }
}

output "requester_policy" {
  description = "IAM policy (JSON) that lets a person or program request certificates without a policy of request_policies, and nothing else"
  value = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "RequestCertificates"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = module.function["tls-cert"].arn
    }]
  })
}
