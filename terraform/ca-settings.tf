# What a new CA may be called (RFC 5280 appendix A.1). A CA that exists keeps its certificate, and Terraform cannot know
# whether one does: so it warns, and the function that creates a CA refuses.
locals {
  ca_infos = { root_ca_info = var.root_ca_info, issuing_ca_info = var.issuing_ca_info }
  ca_name_bounds = {
    commonName         = 64
    emailAddress       = 255
    locality           = 128
    organization       = 64
    organizationalUnit = 64
    state              = 128
  }
  ca_info_problems = concat(
    flatten([for setting, info in local.ca_infos : [
      for key, bound in local.ca_name_bounds : "${setting}.${key} has ${length(info[key])} characters: use at most ${bound}"
      if try(length(info[key]) > bound, false)
    ]]),
    [for setting, info in local.ca_infos : "${setting}.country must be two capital letters, such as GB"
    if try(length(info.country) > 0 && !can(regex("^[A-Z]{2}$", info.country)), false)],
    [for setting, info in local.ca_infos : "${setting}.emailAddress must be an e-mail address, such as ca@example.com"
    if try(length(info.emailAddress) > 0 && !can(regex("^[!-?A-~]+@[!-?A-~]+$", info.emailAddress)), false)],
    try(var.root_ca_info.pathLengthConstraint < 1, false) ? ["root_ca_info.pathLengthConstraint must be at least 1, since an issuing CA follows"] : [],
  )
}

check "ca_settings" {
  assert {
    condition     = length(local.ca_info_problems) == 0
    error_message = "${join("; ", local.ca_info_problems)}. A CA that exists goes on as it is; one that does not is not created with these settings."
  }
}
