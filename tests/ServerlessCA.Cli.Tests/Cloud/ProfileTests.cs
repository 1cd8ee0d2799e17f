using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;

namespace ServerlessCA.Cli.Tests.Cloud;

/// <summary>Tests profiles that get their credentials from elsewhere. Those that need the home folder or the SDK's own
/// variables run in a process of their own.</summary>
public sealed class ProfileTests
{
    private const string Sso = """
        [profile sso]
        sso_session = of-the-test
        sso_account_id = 123456789012
        sso_role_name = Operator
        region = eu-west-2

        [sso-session of-the-test]
        sso_start_url = http://127.0.0.1:9/start
        sso_region = eu-west-2
        sso_registration_scopes = sso:account:access
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_profile_that_assumes_a_role_asks_with_the_roles_credentials(bool native)
    {
        using var session = new Session();
        string program = Program(native);
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        session.Folder.Write("config", """
            [profile role-of-the-test]
            role_arn = arn:aws:iam::123456789012:role/operator
            source_profile = operator
            region = eu-west-2
            """);
        (await ChainAsync(program, session, ca, "role-of-the-test")).Done();

        Assert.Equal([IdentityFront.AssumedKey], ca.Functions.Signers);
    }

    [Theory]
    [InlineData("2099-01-01T00:00:00Z", null, false)]
    [InlineData("2020-01-01T00:00:00Z", "SSO Token has expired", false)]
    [InlineData("2099-01-01T00:00:00Z", null, true)]
    [InlineData("2020-01-01T00:00:00Z", "SSO Token has expired", true)]
    public async Task A_login_counts_until_it_has_expired(string expires, string? message, bool native)
    {
        using var session = new Session();
        string program = Program(native);
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        session.Folder.Write("config", Sso);
#pragma warning disable CA5350 // AWS's tools name the files of logins by this hash.
        string file = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes("of-the-test")));
#pragma warning restore CA5350
        session.Folder.Write($".aws/sso/cache/{file}.json", $$"""
            {"startUrl": "http://127.0.0.1:9/start", "region": "eu-west-2", "accessToken": "token of the test", "expiresAt": "{{expires}}"}
            """);

        Result result = await ChainAsync(program, session, ca, "sso");

        Assert.Equal(message is null ? ExitCode.Done : ExitCode.Fault, result.ExitCode);
        Assert.Contains(message ?? "", result.Error, StringComparison.Ordinal);
        Assert.Equal(message is null ? [FunctionFront.LoggedInKey] : [], ca.Functions.Signers);
        Assert.DoesNotContain("token of the test", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_login_is_reported_before_anything_is_called()
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        session.Folder.Write("config", Sso);

        Result result = await session.RunRawAsync("request", "--common-name", "a", "--out", session.Certs, "--ca", $"{ca.Location}?profile=sso");

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith("error: the AWS profile 'sso' gives no credentials: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: log in again: aws sso login --profile sso", result.Error, StringComparison.Ordinal);
        Assert.Empty(ca.Functions.Events);
        Assert.False(Directory.Exists(session.Certs));
    }

    // The SDK makes the clients of such profiles by name: a trimmed program could lack them.
    private static string Program(bool native) => native ? NativeProgram.Path : Executable.Built;

    private static async Task<Result> ChainAsync(string program, Session session, AwsCa ca, string profile)
    {
        string[] environment = ["env", $"HOME={session.Folder.Path}", .. session.Variables.Select(variable => $"{variable.Key}={variable.Value}")];
        using Process process = Executable.Launch([.. environment, program, "chain", "--ca", $"{ca.Location}?profile={profile}"], session.Folder.Path);
        return await Executable.ResultOfAsync(process);
    }
}
