using System.Text.Json;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

[assembly: AssemblyFixture(typeof(DeployedModule))]
[assembly: AssemblyFixture(typeof(PrivateModule))]
namespace ServerlessCA.Terraform.Tests.Deployment;

/// <summary>Applies the module with everything switched on, once for all tests that inspect the result.</summary>
public class DeployedModule : IAsyncLifetime
{
    /// <summary>The configuration with everything switched on.</summary>
    internal const string Everything = """
        provider "aws" {
          region = "eu-west-2"
        }

        module "ca" {
          source = "../terraform"

          public_crl                      = true
          hosted_zone_domain              = "ca.example.com"
          hosted_zone_id                  = "Z0123456789"
          slack_channels                  = ["ca-dev"]
          aws_principals                  = ["arn:aws:iam::111122223333:role/app"]
          s3_aws_principals               = ["arn:aws:iam::111122223333:role/app"]
          access_logs                     = true
          log_bucket                      = "access-logs"
          sns_policy_template             = "cross-account"
          workload_account_id             = "111122223333"
          sns_email_subscriptions         = ["a@example.com"]
          sns_lambda_subscriptions        = { one = "arn:aws:lambda:eu-west-2:123456789012:function:one" }
          sns_sqs_subscriptions           = { one = "arn:aws:sqs:eu-west-2:123456789012:one" }
          subscription_filter_destination = "central"
          logging_account_id              = "111122223333"
          cert_info_files                 = ["tls", "revoked", "revoked-root-ca"]
          csr_files                       = ["one.csr"]
          custom_extension_allowlist      = ["1.3.6.1.4.1.32473.1"]
          extended_key_usage_allowlist    = ["1.3.6.1.5.5.7.3.1"]
          certificate_policies            = ["2.23.140.1.2.1"]
          request_policies                = {
            web    = { common_names = ["*.web.example.com"], usages = ["server_auth"], max_days = 30 }
            people = { common_names = ["*"], sans = [], usages = ["client_auth"] }
          }
          request_policy_principals       = { web = ["arn:aws:iam::111122223333:role/web"] }
          issuing_ca_name_constraints     = { permitted = ["DNS_NAME:example.com"] }
          alarm_actions                   = ["arn:aws:sns:eu-west-2:123456789012:on-duty"]
          dead_letter_queues_enabled      = true
          dashboard_enabled               = true
        }

        output "ca" {
          value = module.ca
        }
        """;

    private readonly SemaphoreSlim once = new(1);
    private JsonElement? state;

    /// <summary>The account of the stand-in.</summary>
    internal const string Account = "123456789012";

    /// <summary>The other topic that alarms notify.</summary>
    internal const string OnDuty = $"arn:aws:sns:eu-west-2:{Account}:on-duty";

    /// <summary>The configuration that is applied.</summary>
    private protected virtual string Configuration => Everything;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        once.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Returns its resources; skips the running test if they cannot be had.</summary>
    internal async Task<IReadOnlyList<Resource>> ResourcesAsync() => Resource.AllOf(await StateAsync());

    /// <summary>Returns one of its outputs, a text.</summary>
    internal async Task<string> OutputAsync(string name) => (await OutputsAsync()).GetProperty(name).GetString()!;

    /// <summary>Returns one text of an output that has several.</summary>
    internal async Task<string> OutputAsync(string name, string key) => (await OutputsAsync()).GetProperty(name).GetProperty(key).GetString()!;

    /// <summary>Returns one resource.</summary>
    /// <param name="address">The address within the module.</param>
    internal async Task<Resource> ResourceAsync(string address) =>
        (await ResourcesAsync()).Single(resource => resource.Address == $"module.ca.{address}");

    /// <summary>Writes the files that <see cref="Everything"/> names.</summary>
    internal static Workspace Configure(Workspace workspace, string configuration = Everything) => workspace
        .With("main.tf", configuration)
        .With("certs/dev/tls.json", """[{"common_name": "one.example.com", "csr_file": "one.csr"}]""")
        .With("certs/dev/revoked.json", "[]")
        .With("certs/dev/revoked-root-ca.json", "[]")
        .With("certs/dev/csrs/one.csr", "nobody here reads it");

    private async Task<JsonElement> OutputsAsync() =>
        (await StateAsync()).GetProperty("values").GetProperty("outputs").GetProperty("ca").GetProperty("value");

    private async Task<JsonElement> StateAsync()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return state ??= await ApplyAsync();
        }
        finally
        {
            once.Release();
        }
    }

    private async Task<JsonElement> ApplyAsync()
    {
        await using Workspace workspace = Configure(Workspace.Of("stack"), Configuration);
        await workspace.DoAsync("init", "-input=false", "-no-color");
        await workspace.DoAsync("apply", "-auto-approve", "-input=false", "-no-color");
        return await workspace.ShowAsync();
    }
}

/// <summary>Applies the module once with a private CRL, existing CAs and the owner's bucket key.</summary>
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
