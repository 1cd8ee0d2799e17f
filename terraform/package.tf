# The zip of the functions: given, or found beside the module (a release has it there) or where `make lambda` builds it.
locals {
  package_runtime = var.architecture == "arm64" ? "linux-arm64" : "linux-x64"
  package_places = [
    var.package_file,
    "${path.module}/package/serverless-ca-${local.package_runtime}.zip",
    "${path.module}/../artifacts/lambda/serverless-ca-${local.package_runtime}.zip",
  ]
  package_file = try([for place in local.package_places : place if place == "" ? false : fileexists(place)][0], null)

  package = var.package_s3 == null ? {
    filename          = local.package_file
    s3_bucket         = null
    s3_key            = null
    s3_object_version = null
    hash              = try(filebase64sha256(local.package_file), null)
    } : {
    filename          = null
    s3_bucket         = var.package_s3.bucket
    s3_key            = var.package_s3.key
    s3_object_version = var.package_s3.object_version
    hash              = local.package_s3_hash
  }

  # Hexadecimal to base64, as Lambda compares it: three bytes become four characters.
  base64_digits = split("", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  package_s3_hash = try("${join("", [
    for place in range(0, 64, 6) : join("", [
      for digit in range(length(substr(var.package_s3.sha256, place, 6)) * 4 / 6) :
      local.base64_digits[floor(parseint(substr("${substr(var.package_s3.sha256, place, 6)}00", 0, 6), 16) / pow(64, 3 - digit)) % 64]
    ])
  ])}=", null)
}
