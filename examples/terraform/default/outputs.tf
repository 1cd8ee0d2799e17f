output "ca_bundle_s3_location" {
  description = "Where the CA bundle is"
  value       = module.certificate_authority.ca_bundle_s3_location
}

output "requester_policy" {
  description = "Attach it to whoever requests certificates"
  value       = module.certificate_authority.requester_policy
}

output "state_machine_arn" {
  description = "The pipeline"
  value       = module.certificate_authority.state_machine_arn
}
