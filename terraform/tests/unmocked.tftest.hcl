# With the provider itself: what it computes, and that a second plan finds nothing to do (see tests of the examples).
provider "aws" {
  region = "eu-west-2"
}

variables {
  package_file = "tests/no.zip"
  project      = "secure-email"
}

run "policies_name_this_account" {
  command = plan

  assert {
    condition     = strcontains(aws_kms_key.tls_keygen.policy, "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root")
    error_message = "The key belongs to another account."
  }

  assert {
    condition     = local.topic_arn == "arn:${data.aws_partition.current.partition}:sns:eu-west-2:${data.aws_caller_identity.current.account_id}:secure-email-ca-notifications-dev"
    error_message = "The topic is elsewhere."
  }
}
