data "aws_route53_zone" "public" {
  name = var.hosted_zone_domain
}

# A production CA with RSA keys, whose CRLs and CA certificates everybody can download by http.
module "certificate_authority" {
  source = "../../../terraform"

  env           = "prd"
  bucket_prefix = var.bucket_prefix

  root_ca_key_spec    = "RSA_4096"
  issuing_ca_key_spec = "RSA_4096"

  root_ca_info = {
    commonName   = "My Company Root CA"
    country      = "GB"
    organization = "My Company"
    lifetime     = 7300
  }
  issuing_ca_info = {
    commonName           = "My Company Issuing CA"
    country              = "GB"
    organization         = "My Company"
    lifetime             = 3650
    pathLengthConstraint = 0
  }

  public_crl         = true
  hosted_zone_domain = var.hosted_zone_domain
  hosted_zone_id     = data.aws_route53_zone.public.zone_id

  cert_info_files = ["tls", "revoked", "revoked-root-ca"]
  csr_files       = fileset("${path.module}/certs/prd/csrs", "*.csr")

  slack_channels = ["ca-notifications"]
  slack_token    = var.slack_token

  dynamodb_deletion_protection = true
}
