# The zip of the functions: given, or found beside the module (a release has it there) or where `make lambda` builds it.
locals {
  runtime = var.architecture == "arm64" ? "linux-arm64" : "linux-x64"
  places = [
    var.file,
    "${var.module_folder}/package/serverless-ca-${local.runtime}.zip",
    "${var.module_folder}/../artifacts/lambda/serverless-ca-${local.runtime}.zip",
  ]
  file = try([for place in local.places : place if place == "" ? false : fileexists(place)][0], null)

  # Hexadecimal to base64, as Lambda compares it: three bytes become four characters.
  base64_digits = split("", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  s3_hash = try("${join("", [
    for place in range(0, 64, 6) : join("", [
      for digit in range(length(substr(var.s3.sha256, place, 6)) * 4 / 6) :
      local.base64_digits[floor(parseint(substr("${substr(var.s3.sha256, place, 6)}00", 0, 6), 16) / pow(64, 3 - digit)) % 64]
    ])
  ])}=", null)
}
