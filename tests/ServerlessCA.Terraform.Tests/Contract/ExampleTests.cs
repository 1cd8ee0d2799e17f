using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Contract;

/// <summary>Checks that each example works from a clean clone: init, validate, plan, apply, and a second plan without
/// changes.</summary>
public sealed partial class ExampleTests
{
    private const string Domain = "-var=hosted_zone_domain=ca.example.com";
    private const string Function = "-var=tls_cert_function_arn=arn:aws:lambda:eu-west-2:444455556666:function:serverless-tls-cert-prd";
    private const string Cluster = "-var=oidc_provider=oidc.eks.eu-west-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
    private const string Bucket = "-var=external_s3_bucket_name=my-company-serverless-ca-external-prd";

    [Fact]
    public Task The_default_example_works() => WorksAsync("default");

    [Fact]
    public Task The_example_with_RSA_keys_and_a_public_CRL_works() => WorksAsync("rsa-public-crl", Domain);

    [Fact]
    public Task The_example_with_ML_DSA_keys_that_shares_a_bucket_works() => WorksAsync("ml-dsa", Domain, Bucket);

    [Fact]
    public Task The_example_of_a_workload_account_works() => WorksAsync("workload-account", Function, Cluster);

    [Fact]
    public Task The_example_of_a_workload_account_works_with_its_function() => WorksAsync("workload-account", Function, Cluster, "-var=layer_zip=layer.zip");

    [Theory]
    [InlineData("tls_cert_function_arn", Cluster)]
    [InlineData("oidc_provider", Function)]
    public async Task A_workload_account_is_not_made_for_an_example_of_a_CA_or_a_cluster(string missing, string given)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workloads = Workspace.Of("examples/terraform/workload-account");
        await workloads.DoAsync("init", "-input=false", "-no-color");

        Run plan = await workloads.RunAsync("plan", "-input=false", "-no-color", given);

        Assert.NotEqual(0, plan.ExitCode);
        Assert.Contains($"variable \"{missing}\" is not set", plan.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workload_may_do_what_the_CA_asks_to_be_allowed_and_nothing_else()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workloads = Workspace.Of("examples/terraform/workload-account");
        await workloads.DoAsync("init", "-input=false", "-no-color");
        await workloads.DoAsync("apply", "-auto-approve", "-input=false", "-no-color", Function, Cluster);
        IReadOnlyList<Resource> made = Resource.AllOf(await workloads.ShowAsync());

        Resource policy = made.Single(resource => resource.Type == "aws_iam_policy");
        JsonElement statement = JsonElement.Parse(policy.Text("policy")).GetProperty("Statement").EnumerateArray().Single();
        Assert.Equal(
            ("Allow", "lambda:InvokeFunction", "arn:aws:lambda:eu-west-2:444455556666:function:serverless-tls-cert-prd"),
            (statement.GetProperty("Effect").GetString(), statement.GetProperty("Action").GetString(), statement.GetProperty("Resource").GetString()));
        Assert.DoesNotContain(made, resource => resource.Type == "aws_iam_role_policy");
        Assert.Equal(
            ["AssumeRoleWithWebIdentity", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "lambda.amazonaws.com", "pods.eks.amazonaws.com"],
            made.Where(resource => resource.Type == "aws_iam_role").Select(resource => TrustOf(resource.Text("assume_role_policy"))).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("default", "dev")]
    [InlineData("rsa-public-crl", "prd")]
    [InlineData("ml-dsa", "prd")]
    public void Every_entry_has_its_CSR_and_every_CSR_its_entry(string example, string environment)
    {
        string folder = Repository.At("examples", "terraform", example, "certs", environment);
        JsonElement entries = JsonElement.Parse(File.ReadAllText(Path.Combine(folder, "tls.json")));

        IEnumerable<string> named = entries.EnumerateArray().Select(entry => entry.GetProperty("csr_file").GetString()!).Order(StringComparer.Ordinal);

        Assert.Equal(named, Directory.EnumerateFiles(Path.Combine(folder, "csrs")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("default/certs/dev")]
    [InlineData("rsa-public-crl/certs/prd")]
    [InlineData("ml-dsa/certs/prd")]
    public async Task Openssl_accepts_every_CSR(string folder)
    {
        ForeignProgram.SkipUnlessInstalled("openssl");
        foreach (string csr in Directory.EnumerateFiles(Repository.At("examples", "terraform", folder, "csrs")))
        {
            Run run = await Run.OfAsync("openssl", Repository.Root, ["req", "-in", csr, "-verify", "-noout"]);

            Assert.True(run.ExitCode == 0, run.Text);
        }
    }

    private static string TrustOf(string policy)
    {
        JsonElement statement = JsonElement.Parse(policy).GetProperty("Statement").EnumerateArray().Single();
        return statement.GetProperty("Principal").TryGetProperty("Service", out JsonElement service)
            ? service.GetString()!
            : statement.GetProperty("Action").EnumerateArray().Single().GetString()!["sts:".Length..];
    }

    private static async Task WorksAsync(string example, params string[] variables)
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = Workspace.Of($"examples/terraform/{example}");
        await workspace.DoAsync("init", "-input=false", "-no-color");
        await workspace.DoAsync("validate", "-no-color");
        await workspace.DoAsync(["plan", "-out=plan", "-input=false", "-no-color", .. variables]);
        string applied = await workspace.DoAsync("apply", "-input=false", "-no-color", "plan");

        Run second = await workspace.RunAsync(["plan", "-detailed-exitcode", "-input=false", "-no-color", .. variables]);

        Assert.Matches(Added(), applied);
        Assert.True(second.ExitCode == 0, second.Text); // 2 means that there are changes
    }

    [GeneratedRegex(@"Apply complete! Resources: [1-9]\d+ added, 0 changed, 0 destroyed")]
    private static partial Regex Added();
}
