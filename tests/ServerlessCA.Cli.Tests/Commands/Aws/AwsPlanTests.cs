using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Emulators.Gateway;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Tests plans against a CA on AWS: they read, and that is all.</summary>
public sealed class AwsPlanTests
{
    private static readonly string[] Reads =
        ["GetItem", "BatchGetItem", "Query", "Scan", "GetObject", "HeadObject", "GetFunctionConfiguration", "GetFunction", "GetCallerIdentity", "Decrypt"];

    [Fact]
    public async Task A_plan_reads_and_asks_for_no_key()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        string folder = GitOpsFolder.OfHosts(session.Folder, 3);
        await PublishCrl.OfIssuing(ca.Core).RunAsync(TestContext.Current.CancellationToken);
        ca.Deployed.Gateway.Clear();

        Result result = (await session.RunRawAsync("plan", folder, "--ca", ca.Location, "--output", "json", "--show")).Done();

        AwsCall[] others = [.. ca.Deployed.Gateway.Calls.Where(call => !Reads.Contains(call.Operation))];
        Assert.Empty(others.Select(call => $"{call.Service} {call.Operation}"));
        Assert.Equal(["Issue", "Issue", "Issue"], result.Json.GetProperty("Entries").EnumerateArray().Select(entry => entry.GetProperty("Plan").GetString()));
        Assert.False(result.Json.GetProperty("Fails").GetBoolean());
    }

    [Theory]
    [InlineData("text")]
    [InlineData("markdown")]
    public async Task Before_the_CAs_exist_the_plan_says_that_its_stand_ins_are_of_the_default_kinds(string output)
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        string folder = GitOpsFolder.OfHosts(session.Folder, 1);

        Result result = (await session.RunRawAsync("plan", folder, "--ca", ca.Location, "--output", output)).Done();

        Assert.Contains(
            "is shown with stand-ins of the default kinds, whichever the keys in KMS are: a plan does not ask for them",
            output == "text" ? result.Error : result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_the_function_that_issues_count()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        ca.Settings["MAX_CERT_LIFETIME"] = "7";
        string folder = GitOpsFolder.OfHosts(session.Folder, 1);

        string text = (await session.RunRawAsync("plan", folder, "--ca", ca.Location)).Done().Output;

        Assert.Contains("30 days were asked for, and it is valid for 7", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revocation_is_looked_up_in_the_table()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await ca.IssueAsync("good.example.com", notifyExpiry: true);
        CertificateRecord row = Assert.Single(await ca.Core.Ledger.FindByNameAsync("good.example.com", TestContext.Current.CancellationToken));
        session.Folder.Write("gitops/tls.json", "[]");
        session.Folder.Write("gitops/revoked.json", $$"""[{"common_name": "good.example.com", "serial_number": "{{row.SerialNumber}}"}]""");

        Result result = await session.RunRawAsync("plan", session.Folder.At("gitops"), "--ca", ca.Location, "--output", "json", "--exit-code");

        Assert.Equal(ExitCode.Changes, result.ExitCode);
        JsonElement revocation = Assert.Single(result.Json.GetProperty("Revocations").EnumerateArray());
        Assert.Equal(("New", "good.example.com"), (revocation.GetProperty("Plan").GetString(), revocation.GetProperty("CommonName").GetString()));
        Assert.Empty(result.Json.GetProperty("Vanished").EnumerateArray());
        Assert.Null((await ca.Core.Ledger.FindAsync(row.CommonName, row.SerialNumber, TestContext.Current.CancellationToken))!.Revoked);
    }
}
