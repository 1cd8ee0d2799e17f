output "issuing_ca_crl" {
  description = "Where the world finds the CRL"
  value       = "http://${var.hosted_zone_domain}/pqc-issuing-ca.crl"
}
