using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Tests <c>migrate</c>.</summary>
public sealed class MigrateTests
{
    // docs/cli-aws.md
    private static readonly string[] ToLook =
        ["dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "dynamodb:GetItem", "dynamodb:Scan"];

    [Fact]
    public async Task A_dry_run_changes_nothing_and_counts_what_the_real_one_does()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await ca.IssueAsync("a.example.com");
        await ca.IssueAsync("b.example.com", notifyExpiry: true);
        await ca.MakeOriginalAsync();
        ca.Deployed.Gateway.Clear();

        JsonElement dry = (await MigrateAsync(session, ca)).Done().Json;
        string[] actions = ca.Actions();
        JsonElement real = (await MigrateAsync(session, ca, "--apply")).Done().Json;
        JsonElement again = (await MigrateAsync(session, ca)).Done().Json;

        Assert.Empty(actions.Except(ToLook));
        Assert.Equal(["dynamodb:PutItem", "dynamodb:UpdateItem"], ca.Actions().Except(ToLook));
        Assert.False(dry.GetProperty("Complete").GetBoolean());
        foreach (string count in (string[])["RowsRead", "RowsFilled", "RemindersSpread", "KeysReserved"])
        {
            Assert.Equal(dry.GetProperty(count).GetInt64(), real.GetProperty(count).GetInt64());
        }

        Assert.Equal(2, real.GetProperty("KeysReserved").GetInt64());
        Assert.True(again.GetProperty("Complete").GetBoolean());
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_are_named_and_the_rest_is_done()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await ca.IssueAsync("a.example.com");
        await ca.MakeOriginalAsync();
        await ca.PutRowAsync(new() { ["CommonName"] = new("broken.example.com"), ["SerialNumber"] = new("17"), ["Certificate"] = new("none") });

        Result result = await session.RunRawAsync("migrate", "--apply", "--ca", ca.Location);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Matches("Keys reserved +1\n", result.Output);
        Assert.Contains("error: 1 rows cannot be read; they stay as they are\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("  broken.example.com  17  ", result.Error, StringComparison.Ordinal);
    }

    private static Task<Result> MigrateAsync(Session session, AwsCa ca, params string[] more) =>
        session.RunRawAsync(["migrate", "--ca", ca.Location, "--output", "json", .. more]);
}
