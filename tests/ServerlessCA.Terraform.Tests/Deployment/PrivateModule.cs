namespace ServerlessCA.Terraform.Tests.Deployment;

/// <summary>A module whose CRL is not public and whose CAs are there, with a bucket key of its owner's; applied once.</summary>
public sealed class PrivateModule : DeployedModule
{
    private protected override string Configuration => """
        provider "aws" {
          region = "eu-west-2"
        }

        module "ca" {
          source = "../terraform"

          ca_creation       = false
          kms_key_alias     = "custom-kms-encryption-key"
          s3_aws_principals = ["arn:aws:iam::111122223333:role/app"]
          cert_info_files   = ["tls", "revoked", "revoked-root-ca"]
        }

        output "ca" {
          value = module.ca
        }
        """;
}
