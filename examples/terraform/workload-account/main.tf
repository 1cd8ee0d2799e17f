# Roles of workloads whose CA is in another account. The CA's account has to allow them, too: give its module the output
# role_arns as aws_principals.
data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  services = {
    pod-identity = { service = "pods.eks.amazonaws.com", actions = ["sts:AssumeRole", "sts:TagSession"] }
    ecs          = { service = "ecs-tasks.amazonaws.com", actions = ["sts:AssumeRole"] }
    lambda       = { service = "lambda.amazonaws.com", actions = ["sts:AssumeRole"] }
    ec2          = { service = "ec2.${data.aws_partition.current.dns_suffix}", actions = ["sts:AssumeRole"] }
  }

  trusts = merge(
    { for place, its in local.services : place => [{
      Effect    = "Allow"
      Principal = { Service = its.service }
      Action    = its.actions
    }] },
    { irsa = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:oidc-provider/${var.oidc_provider}" }
      Action    = ["sts:AssumeRoleWithWebIdentity"]
      Condition = { StringEquals = {
        "${var.oidc_provider}:aud" = "sts.amazonaws.com"
        "${var.oidc_provider}:sub" = "system:serviceaccount:${var.service_account}"
      } }
    }] },
  )
}

resource "aws_iam_role" "workload" {
  for_each = local.trusts

  name               = "web-certificates-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

# All that request, chain and agent need; it is the same text as the CA module's output requester_policy.
resource "aws_iam_policy" "request" {
  name = "request-certificates"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "RequestCertificates"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = var.tls_cert_function_arn
    }]
  })
}

resource "aws_iam_role_policy_attachment" "request" {
  for_each = aws_iam_role.workload

  role       = each.value.name
  policy_arn = aws_iam_policy.request.arn
}

resource "aws_iam_instance_profile" "ec2" {
  name = "web-certificates"
  role = aws_iam_role.workload["ec2"].name
}
