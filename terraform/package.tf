# The zip of the functions: given, or found.
module "zip" {
  source = "./modules/zip"

  module_folder = path.module
  architecture  = var.architecture
  file          = var.package_file
  s3            = var.package_s3
}
