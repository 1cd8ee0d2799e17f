using System.Diagnostics;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;
using ServerlessCA.Emulators;

namespace ServerlessCA.Cli.Tests.Cloud;

/// <summary>Tests where workloads get their credentials and which hosts the program calls: in a process of its own, with
/// only the variables that such a place sets.</summary>
public sealed class CredentialTests
{
    private const string Role = "arn:aws:iam::111122223333:role/web-certificates";
    private const string Other = "999988887777";

    [Theory]
    [InlineData("IRSA", IdentityFront.WebIdentityKey, "token of the service account")]
    [InlineData("Pod Identity", IdentityFront.ContainerKey, "token of the pod")]
    [InlineData("ECS", IdentityFront.ContainerKey, "token of the task")]
    [InlineData("Lambda", "ASIAOFTHEFUNCTION", null)]
    [InlineData("EC2", IdentityFront.InstanceKey, "IMDSv2 session of the test")]
    public async Task A_workload_in_another_account_asks_with_the_credentials_of_its_place(string place, string key, string? token)
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        string front = ca.Functions.Address;
        string[] variables = place switch
        {
            "IRSA" => [$"AWS_ROLE_ARN={Role}", $"AWS_WEB_IDENTITY_TOKEN_FILE={session.Folder.Write("token", token!)}"],
            "Pod Identity" => [$"AWS_CONTAINER_CREDENTIALS_FULL_URI={front}/container/credentials", $"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE={session.Folder.Write("token", token!)}"],
            "ECS" => [$"AWS_CONTAINER_CREDENTIALS_FULL_URI={front}/container/credentials", $"AWS_CONTAINER_AUTHORIZATION_TOKEN={token}"],
            "Lambda" => [$"AWS_ACCESS_KEY_ID={key}", "AWS_SECRET_ACCESS_KEY=secret", "AWS_SESSION_TOKEN=token"],
            _ => [$"AWS_EC2_METADATA_SERVICE_ENDPOINT={front}"],
        };

        (await RunAsync(session, [.. variables, "AWS_REGION=eu-west-2", $"AWS_ENDPOINT_URL_LAMBDA={front}", $"AWS_ENDPOINT_URL_STS={front}"],
            "agent", "--once", "--patience", "0s", "--common-name", "web.example.com", "--out", session.Certs, "--ca", $"{ca.Location}?account={Other}")).Done();

        Assert.Equal([key], ca.Functions.Signers);
        Assert.Equal([$"arn:aws:lambda:eu-west-2:{Other}:function:{ca.Names.Function("tls-cert")}"], ca.Functions.Named);
        Assert.Equal(place == "IRSA" ? [Role] : [], ca.Functions.Identity.Roles);
        Assert.Equal(token is null ? [] : [token], ca.Functions.Identity.Tokens.Distinct().Where(shown => shown.Length > 0));
    }

    [Theory]
    [InlineData("request --common-name a --out certs", "lambda")]
    [InlineData("chain", "lambda")]
    [InlineData("agent --once --patience 0s --common-name a --out certs", "lambda")]
    [InlineData("request --kms-keygen --common-name a --out certs", "kms")]
    [InlineData("list", "lambda")]
    [InlineData("list --ca aws://serverless/dev?table=T", "dynamodb")]
    [InlineData("show a --ca aws://serverless/dev?table=T", "dynamodb")]
    [InlineData("get a --ca aws://serverless/dev?table=T", "dynamodb")]
    [InlineData("migrate --ca aws://serverless/dev?table=T&index_table=I", "dynamodb")]
    [InlineData("run", "states")]
    [InlineData("health", "lambda")]
    [InlineData("crl accept issuing", "lambda")]
    [InlineData("list --ca aws://serverless/dev?account=999988887777", "sts")]
    public async Task Every_command_asks_for_the_FIPS_endpoint_by_the_proxy(string command, string service)
    {
        using var session = new Session();
        await using ConnectProxy proxy = ConnectProxy.Start();

        Result result = await RunAsync(
            session,
            ["AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=s", "AWS_REGION=us-east-1", "AWS_USE_FIPS_ENDPOINT=true", $"HTTPS_PROXY={proxy.Address}", "SERVERLESS_CA=aws://serverless/dev"],
            command.Split(' '));

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Equal($"{service}-fips.us-east-1.amazonaws.com:443", proxy.Hosts[0]);
        Assert.All(proxy.Hosts, host => Assert.Contains("-fips.us-east-1.amazonaws.com", host, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_role_that_is_taken_on_by_a_token_is_asked_for_at_the_FIPS_endpoint_too()
    {
        using var session = new Session();
        await using ConnectProxy proxy = ConnectProxy.Start();

        await RunAsync(
            session,
            [$"AWS_ROLE_ARN={Role}", $"AWS_WEB_IDENTITY_TOKEN_FILE={session.Folder.Write("token", "t")}", "AWS_REGION=us-east-1", "AWS_USE_FIPS_ENDPOINT=true", $"HTTPS_PROXY={proxy.Address}"],
            "chain", "--ca", "aws://serverless/dev");

        Assert.Equal(["sts-fips.us-east-1.amazonaws.com:443"], proxy.Hosts);
    }

    [Fact]
    public async Task What_NO_PROXY_names_is_asked_for_directly()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await using ConnectProxy proxy = ConnectProxy.Start();
        string[] variables =
        [
            "AWS_ACCESS_KEY_ID=AKID", "AWS_SECRET_ACCESS_KEY=s", "AWS_REGION=eu-west-2", $"AWS_ENDPOINT_URL_LAMBDA={ca.Functions.Address}",
            $"HTTP_PROXY={proxy.Address}", $"http_proxy={proxy.Address}", "NO_PROXY=127.0.0.1",
        ];

        (await RunAsync(session, variables, "chain", "--ca", ca.Location)).Done();

        Assert.Empty(proxy.Hosts);
    }

    private static async Task<Result> RunAsync(Session session, string[] variables, params string[] arguments)
    {
        string[] environment =
        [
            "env", "-i", $"HOME={session.Folder.Path}", $"PATH={Environment.GetEnvironmentVariable("PATH")}", $"DOTNET_ROOT={Executable.DotnetRoot}", .. variables,
        ];
        using Process process = Executable.Launch([.. environment, Executable.Built, .. arguments], session.Folder.Path);
        return await Executable.ResultOfAsync(process);
    }
}
