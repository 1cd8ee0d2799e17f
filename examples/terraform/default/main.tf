# A CA with the defaults, private, with certificates by pull request from certs/dev. The source alone is required.
module "certificate_authority" {
  source = "../../../terraform"

  cert_info_files = ["tls", "revoked", "revoked-root-ca"]
  csr_files       = fileset("${path.module}/certs/dev/csrs", "*.csr")
}
