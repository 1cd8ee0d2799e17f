resource "aws_s3_object" "cert_info" {
  for_each = toset(var.cert_info_files)

  bucket       = module.internal_s3.name
  key          = "${each.key}.json"
  source       = "${local.certs_folder}/${each.key}.json"
  source_hash  = filemd5("${local.certs_folder}/${each.key}.json")
  content_type = "application/json"
}

resource "aws_s3_object" "csrs" {
  for_each = toset(var.csr_files)

  bucket       = module.internal_s3.name
  key          = "csrs/${each.key}"
  source       = "${local.certs_folder}/csrs/${each.key}"
  source_hash  = filemd5("${local.certs_folder}/csrs/${each.key}")
  content_type = "text/plain"
}
