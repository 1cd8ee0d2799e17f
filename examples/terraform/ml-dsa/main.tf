# A second, post-quantum CA beside rsa-public-crl: keys of its own, and its CRLs and CA certificates in the other's bucket,
# served by the other's distribution. Subjects may have any key; their CSRs need not be ML-DSA.
module "certificate_authority" {
  source = "../../../terraform"

  project       = "pqc"
  env           = "prd"
  bucket_prefix = "my-company"

  root_ca_key_spec    = "ML_DSA_87"
  issuing_ca_key_spec = "ML_DSA_65"

  root_ca_info = {
    commonName   = "My Company Post-Quantum Root CA"
    organization = "My Company"
    lifetime     = 7300
  }
  issuing_ca_info = {
    commonName   = "My Company Post-Quantum Issuing CA"
    organization = "My Company"
    lifetime     = 3650
  }

  public_crl              = true
  hosted_zone_domain      = var.hosted_zone_domain
  external_s3_bucket_name = var.external_s3_bucket_name

  cert_info_files = ["tls", "revoked", "revoked-root-ca"]
  csr_files       = fileset("${path.module}/certs/prd/csrs", "*.csr")
}
