output "suffix" {
  description = "Behind the names of CAs and keys: empty in production"
  value       = local.suffix
}

output "root_ca" {
  description = "Root CA: its row, its key alias, its files"
  value       = local.root_ca
}

output "issuing_ca" {
  description = "Issuing CA: its row, its key alias, its files"
  value       = local.issuing_ca
}

output "bundle_file" {
  description = "Published bundle: root, then issuing CA"
  value       = "${var.project}-ca-bundle${local.suffix}.pem"
}

output "table" {
  description = "Table of certificates"
  value       = "${local.joined[var.project]}CA${local.joined[var.env]}"
}

output "index_table" {
  description = "Table of reservations and events"
  value       = "${local.joined[var.project]}Index${local.joined[var.env]}"
}
