output "package" {
  description = "Either filename, or s3_bucket, s3_key and s3_object_version; and the zip's hash in base64"
  value = var.s3 == null ? {
    filename          = local.file
    s3_bucket         = null
    s3_key            = null
    s3_object_version = null
    hash              = try(filebase64sha256(local.file), null)
    } : {
    filename          = null
    s3_bucket         = var.s3.bucket
    s3_key            = var.s3.key
    s3_object_version = var.s3.object_version
    hash              = local.s3_hash
  }

  # Here, and not with each function: said once, and before any of them is planned.
  precondition {
    condition     = var.s3 != null || local.file != null
    error_message = "There is no zip of the functions for ${var.architecture}: use the module archive of a release, which has it inside; or download serverless-ca-${local.runtime}.zip of the release and set package_file or package_s3; or build it in a clone with `eng/lambda ${local.runtime}`."
  }
}
