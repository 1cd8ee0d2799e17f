using System.Text.Json;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Deployment;

/// <summary>Checks that each function accepts the environment that Terraform gives it.</summary>
public sealed class EnvironmentTests(DeployedModule module)
{
    private static readonly string Bootstrap = Repository.At("artifacts", "lambda", "linux-x64", "bootstrap");

    public static TheoryData<string> Functions =>
        ["create-root-ca", "create-issuing-ca", "root-ca-crl", "issuing-ca-crl", "tls-cert", "expiry", "notify"];

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task The_program_accepts_the_planned_environment(string function)
    {
        SkipUnlessBuilt();
        Dictionary<string, string> environment = await EnvironmentAsync(function);

        Run check = await Run.OfAsync(Bootstrap, Path.GetDirectoryName(Bootstrap)!, ["check"], environment: environment);

        Assert.True(check.ExitCode == 0, check.Text);
    }

    // The function does check these variables: it refuses to start without one of them.
    [Fact]
    public async Task The_program_refuses_an_environment_without_the_topic()
    {
        SkipUnlessBuilt();
        Dictionary<string, string> environment = await EnvironmentAsync("tls-cert");
        environment.Remove("SNS_TOPIC_ARN");

        Run check = await Run.OfAsync(Bootstrap, Path.GetDirectoryName(Bootstrap)!, ["check"], environment: environment);

        Assert.Equal(1, check.ExitCode);
        Assert.Contains("SNS_TOPIC_ARN", check.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create-root-ca", "EXTERNAL_S3_BUCKET INDEX_TABLE_NAME ROOT_CA_INFO TABLE_NAME")]
    [InlineData("create-issuing-ca", "DOMAIN EXTERNAL_S3_BUCKET INDEX_TABLE_NAME ISSUING_CA_INFO ISSUING_CA_NAME_CONSTRAINTS PUBLIC_CRL TABLE_NAME")]
    [InlineData("root-ca-crl", "DOMAIN EXTERNAL_S3_BUCKET INDEX_TABLE_NAME INTERNAL_S3_BUCKET ISSUING_CA_INFO PUBLIC_CRL ROOT_CRL_DAYS ROOT_CRL_SECONDS SNS_TOPIC_ARN TABLE_NAME")]
    [InlineData("issuing-ca-crl", "DOMAIN EXTERNAL_S3_BUCKET INDEX_TABLE_NAME INTERNAL_S3_BUCKET ISSUING_CRL_DAYS ISSUING_CRL_SECONDS MAX_CERT_LIFETIME PUBLIC_CRL SNS_TOPIC_ARN TABLE_NAME")]
    [InlineData("tls-cert", "ALLOW_OCSP_SIGNING CERTIFICATE_POLICIES CUSTOM_EXTENSION_ALLOWLIST DOMAIN EXTENDED_KEY_USAGE_ALLOWLIST INDEX_TABLE_NAME INTERNAL_S3_BUCKET LINT_IGNORE LINT_REFUSE LINT_TARGETS MAX_CERT_LIFETIME PUBLIC_CRL REQUEST_POLICIES SINGLE_LABEL_NAMES SNS_TOPIC_ARN TABLE_NAME")]
    [InlineData("expiry", "EXPIRY_REMINDERS INDEX_TABLE_NAME INTERNAL_S3_BUCKET SNS_TOPIC_ARN TABLE_NAME")]
    [InlineData("notify", "SLACK_BAD_EMOJI SLACK_CHANNELS SLACK_GOOD_EMOJI SLACK_SECRET_ARN SLACK_USERNAME SLACK_WARNING_EMOJI")]
    public async Task A_function_gets_what_it_needs(string function, string expected)
    {
        Dictionary<string, string> environment = await EnvironmentAsync(function);

        string[] common = ["ENVIRONMENT_NAME", "PROD_ENVIRONMENTS", "PROJECT", "_HANDLER"];
        Assert.Equal(expected, string.Join(' ', environment.Keys.Except(common).Order(StringComparer.Ordinal)));
        Assert.Empty(common.Except(environment.Keys));
    }

    private static void SkipUnlessBuilt() =>
        Assert.SkipUnless(File.Exists(Bootstrap), "the functions' program is not built: make lambda");

    private async Task<Dictionary<string, string>> EnvironmentAsync(string function)
    {
        Resource lambda = await module.ResourceAsync($"module.function[\"{function}\"].aws_lambda_function.function");
        JsonElement variables = lambda.Values.GetProperty("environment")[0].GetProperty("variables");
        Dictionary<string, string> environment = JsonSerializer.Deserialize<Dictionary<string, string>>(variables)!;
        environment["_HANDLER"] = lambda.Text("handler");
        return environment;
    }
}
