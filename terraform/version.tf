# Of Terraform and OpenTofu alike.
locals {
  product_version = "1.0.0" # that of Directory.Build.props: a test compares, and a release is refused when they differ
}
