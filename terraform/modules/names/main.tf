# The names of a deployment. The functions compute the same ones (src/ServerlessCA.Core/Settings/CaNames.cs); a test
# compares both.
locals {
  suffix     = contains(var.prod_envs, var.env) ? "" : "-${var.env}"
  root_ca    = "${var.project}-root-ca${local.suffix}"
  issuing_ca = "${var.project}-issuing-ca${local.suffix}"

  # Each run of letters is capitalised, the rest stays, hyphens go: secure-email becomes SecureEmail, ca2go Ca2Go.
  runs = { for name in toset([var.project, var.env]) : name => regexall("[A-Za-z]+|[^A-Za-z-]+", name) }
  joined = { for name, runs in local.runs : name => join("", [
    for run in runs : "${upper(substr(run, 0, 1))}${lower(substr(run, 1, -1))}"
  ]) }
}
