using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;

namespace ServerlessCA.Cli.Tests.Cloud;

/// <summary>Tests a CA in another account than the caller's: <c>account=</c> and <c>function=</c>.</summary>
public sealed class AccountTests
{
    private const string Other = "999988887777";

    private static string ArnOf(AwsCa ca, string qualifier = "") => $"arn:aws:lambda:eu-west-2:{Other}:function:{ca.Names.Function("tls-cert")}{qualifier}";

    [Theory]
    [InlineData("request")]
    [InlineData("chain")]
    [InlineData("agent")]
    public async Task The_function_of_another_account_is_invoked_by_its_ARN_and_nothing_else_is_asked(string command)
    {
        OpenSsl.IsNeeded();
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        string[] options = command switch
        {
            "chain" => ["chain"],
            "agent" => ["agent", "--once", "--common-name", "a.example.com", "--out", session.Certs],
            _ => ["request", "--common-name", "a.example.com", "--out", session.Certs],
        };

        Result result = (await session.RunRawAsync([.. options, "--ca", $"{ca.Location}?account={Other}"])).Done();

        Assert.Equal([ArnOf(ca)], ca.Functions.Named);
        Assert.DoesNotContain(ca.Deployed.Gateway.Calls, call => call.Caller != AwsCa.FunctionsKey); // the command calls no tables, buckets or keys
        Assert.Empty(ca.Functions.Described);
        Assert.Empty(ca.Functions.Identity.Roles);
        if (command == "chain")
        {
            string chain = session.Folder.Write("chain.pem", result.Output);
            OpenSsl.Verify(chain, chain);
        }
        else
        {
            OpenSsl.Verify(Path.Combine(session.Certs, "client-cert.pem"), Path.Combine(session.Certs, "ca-bundle.pem"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(":live")]
    [InlineData(":$LATEST")]
    public async Task A_function_named_by_its_ARN_brings_region_and_account(string qualifier)
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        session.Variables["AWS_PROFILE"] = "nowhere"; // a profile without a region

        (await session.RunRawAsync("chain", "--ca", $"{ca.Location}?function={Uri.EscapeDataString(ArnOf(ca, qualifier))}")).Done();
        (await session.RunRawAsync("chain", "--ca", $"{ca.Location}?function={ArnOf(ca, qualifier)}&account={Other}&region=eu-west-2")).Done();

        Assert.Equal([ArnOf(ca, qualifier), ArnOf(ca, qualifier)], ca.Functions.Named);
    }

    [Theory]
    [InlineData("account=12345", "account '12345' is not the number of an account")]
    [InlineData("account=1234567890123", "account '1234567890123' is not the number of an account")]
    [InlineData("account=prod", "account 'prod' is not the number of an account")]
    [InlineData("account=", "'account' has no value")]
    [InlineData("function=serverless-tls-cert-dev", "function 'serverless-tls-cert-dev' is not the ARN of a function")]
    [InlineData("function=arn:aws:lambda:eu-west-2:12345:function:a", "is not the ARN of a function")]
    [InlineData("function=arn:aws:sns:eu-west-2:123456789012:topic", "is not the ARN of a function")]
    [InlineData("function=arn:aws:lambda:eu-west-2:123456789012:function:a:b:c", "is not the ARN of a function")]
    [InlineData("function=arn:aws:lambda:eu-west-2:123456789012:function:a&account=999988887777", "account '999988887777' contradicts the function's ARN, which has '123456789012'")]
    [InlineData("policy=a%20b", "policy 'a b' is not the name of a policy")]
    [InlineData("policy=web&function=arn:aws:lambda:eu-west-2:123456789012:function:a:users", "policy 'web' contradicts the function's ARN, which has 'users'")]
    [InlineData("function=arn:aws:lambda:eu-west-2:123456789012:function:a&region=us-east-1", "region 'us-east-1' contradicts the function's ARN, which has 'eu-west-2'")]
    public async Task What_is_no_account_and_no_function_is_reported_before_anything_is_called(string query, string message)
    {
        using var session = new Session();

        Result result = await session.RunRawAsync("chain", "--ca", $"aws://serverless/dev?{query}");

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_have_ARNs_of_their_own()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        (await session.RunRawAsync("chain", "--ca", $"{ca.Location}?account={Other}&region=us-gov-west-1")).Done();

        Assert.Equal([$"arn:aws-us-gov:lambda:us-gov-west-1:{Other}:function:{ca.Names.Function("tls-cert")}"], ca.Functions.Named);
    }

    [Fact]
    public async Task The_table_of_another_account_is_read_through_the_reader_role()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await ca.IssueAsync("a.example.com");
        ca.Deployed.Gateway.Clear();
        string location = $"{ca.Location}?account={Other}";

        (await session.RunRawAsync("list", "--ca", location)).Done();
        (await session.RunRawAsync("show", "a.example.com", "--ca", location)).Done();
        (await session.RunRawAsync("get", "a.example.com", "--ca", location)).Done();

        string role = $"arn:aws:iam::{Other}:role/{ca.Names.Project}-db-reader-{ca.Names.Environment}";
        Assert.Equal([role, role, role], ca.Functions.Identity.Roles);
        Assert.All(ca.Deployed.Gateway.Calls, call => Assert.Equal((IdentityFront.AssumedKey, "dynamodb"), (call.Caller, call.Service)));
        Assert.Empty(ca.Functions.Described);
    }

    [Fact]
    public async Task Who_may_not_take_on_the_reader_role_learns_who_has_to_allow_what()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        ca.Functions.Identity.MayAssume = false;

        Result result = await session.RunRawAsync("list", "--ca", $"{ca.Location}?account={Other}");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("AccessDenied", result.Error, StringComparison.Ordinal);
        Assert.Contains($"hint: the table is read through 'arn:aws:iam::{Other}:role/{ca.Names.Project}-db-reader-dev': name yourself in aws_principals", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("health")]
    [InlineData("migrate")]
    [InlineData("crl accept issuing")]
    [InlineData("request --kms-keygen --common-name a --out refused")]
    public async Task What_needs_more_than_functions_says_that_credentials_of_that_account_are_needed(string command)
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        Result result = await session.RunRawAsync([.. command.Split(' '), "--ca", $"{ca.Location}?account={Other}"]);

        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("is in another account than your credentials", result.Error, StringComparison.Ordinal);
        Assert.Contains($"hint: use credentials of account {Other}", result.Error, StringComparison.Ordinal);
        Assert.Empty(ca.Functions.Events);
        Assert.Empty(ca.Actions());
    }

    [Fact]
    public async Task With_credentials_of_the_account_everything_works_and_no_role_is_taken_on()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        string location = $"{ca.Location}?account={AwsCa.Account}";

        (await session.RunRawAsync("list", "--ca", location)).Done();
        (await session.RunRawAsync("health", "--ca", location)).Done();
        (await session.RunRawAsync("migrate", "--ca", location)).Done();

        Assert.Empty(ca.Functions.Identity.Roles);
    }

    [Fact]
    public async Task A_denied_invocation_says_that_both_accounts_have_to_allow_it()
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.Functions.Answer(403, """{"Message": "not authorized to perform: lambda:InvokeFunction"}""", errorType: "AccessDeniedException");

        Result result = await session.RunRawAsync("chain", "--ca", $"{ca.Location}?account={Other}");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains(
            $"hint: allow lambda:InvokeFunction on '{ArnOf(ca)}', such as with aws_principals of the Terraform module; between two accounts each has to allow it",
            result.Error, StringComparison.Ordinal);
    }
}
