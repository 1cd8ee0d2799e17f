data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

module "names" {
  source = "./modules/names"

  project   = var.project
  env       = var.env
  prod_envs = var.prod_envs
}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region

  gitops    = contains(var.cert_info_files, "tls")
  reminders = length(var.expiry_reminders) > 0
  slack     = length(var.slack_channels) > 0

  # A person starts Terraform in the folder of the configuration, or elsewhere with -chdir: certs is found in both.
  certs_folder = length(fileset(path.cwd, "certs/${var.env}/**")) > 0 ? "${path.cwd}/certs/${var.env}" : "${path.root}/certs/${var.env}"
}
