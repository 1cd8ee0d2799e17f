using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Tests <c>list</c>, <c>show</c>, <c>get</c> and <c>health</c> with a CA on AWS.</summary>
public sealed class AwsInventoryTests
{
    // terraform/reader.tf
    private static readonly string[] OfTheReader = ["dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"];

    [Fact]
    public async Task Looking_needs_no_more_than_the_reader_role_may()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await ca.IssueAsync("a.example.com");
        ca.Deployed.Gateway.Clear();

        Result list = (await session.RunRawAsync("list", "--ca", ca.Location, "--output", "json")).Done();
        string serial = list.Json.GetProperty("Certificates").EnumerateArray().Select(row => row.GetProperty("SerialNumber").GetString()!).First();
        (await session.RunRawAsync("show", serial, "--ca", ca.Location)).Done();
        (await session.RunRawAsync("get", "a.example.com", "--serial", serial, "--bundle", "--ca", ca.Location)).Done();
        (await session.RunRawAsync("list", "--expires-within", "60d", "--ca", ca.Location)).Done();
        (await session.RunRawAsync("history", "a.example.com", "--ca", ca.Location)).Done();
        (await session.RunRawAsync("history", "--since", "2d", "--ca", ca.Location)).Done();

        Assert.Equal(3, list.Json.GetProperty("Certificates").GetArrayLength());
        Assert.Empty(ca.Actions().Except(OfTheReader));
        Assert.Empty(ca.Functions.Events);
    }

    [Fact]
    public async Task A_lookup_of_one_certificate_reads_no_table_from_end_to_end()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await ca.IssueAsync("a.example.com");
        Result list = (await session.RunRawAsync("list", "--name", "a.example.com", "--ca", ca.Location, "--output", "json")).Done();
        string serial = list.Json.GetProperty("Certificates")[0].GetProperty("SerialNumber").GetString()!;
        string folder = GitOpsFolder.OfHosts(session.Folder, 1);
        var counted = new List<string>();

        foreach (string[] command in (string[][])[
            ["show", "a.example.com"], ["show", serial], ["get", "a.example.com"], ["get", "a.example.com", "--serial", serial, "--bundle"],
            ["revoke", "a.example.com", "--folder", folder], ["revoke", "--serial", serial, "--folder", folder], ["chain"]])
        {
            ca.Deployed.Gateway.Clear();
            (await session.RunRawAsync([.. command, "--ca", ca.Location])).Done();
            Assert.DoesNotContain(ca.Deployed.Gateway.Calls, call => call.Operation == "Scan");
            counted.Add($"{command[0]} {ca.Deployed.Gateway.Calls.Count(call => call.Operation is "Query" or "GetItem")}");
        }

        Assert.Equal(["show 1", "show 3", "get 1", "get 3", "revoke 1", "revoke 2", "chain 2"], counted); // the function reads the rows of both CAs
    }

    [Fact]
    public async Task An_inventory_of_several_pages_is_whole()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> row = (await ca.Deployed.RowsAsync(ca.Names.IssuingCa)).Single();
        for (int number = 1; number <= 12; number++)
        {
            row["SerialNumber"] = new(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            row["Padding"] = new(new string('x', 200_000)); // a page of Scan ends at 1 MB
            await ca.PutRowAsync(row);
        }

        ca.Deployed.Gateway.Clear();
        Result list = (await session.RunRawAsync("list", "--ca", ca.Location, "--output", "json")).Done();

        Assert.Equal(14, list.Json.GetProperty("Certificates").GetArrayLength());
        Assert.True(ca.Deployed.Gateway.Calls.Count(call => call.Operation == "Scan") > 1);
    }

    [Fact]
    public async Task Throttling_is_waited_out_and_then_reported()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        ca.Deployed.Gateway.Refuse("dynamodb", 2);
        (await session.RunRawAsync("list", "--ca", ca.Location)).Done();
        ca.Deployed.Gateway.Refuse("dynamodb", 10);
        Result refused = await session.RunRawAsync("list", "--ca", ca.Location);

        Assert.Equal(ExitCode.Fault, refused.ExitCode);
        Assert.Contains("is not available at the moment: try again", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_what_is_wrong_and_goes_on()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        ca.Services.Kms.SetState($"alias/{ca.Names.RootCa}", "Disabled");

        Result result = await session.RunRawAsync("health", "--ca", ca.Location, "--output", "json");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        JsonElement[] findings = [.. result.Json.GetProperty("Findings").EnumerateArray()];
        JsonElement critical = Assert.Single(findings, finding => finding.GetProperty("Level").GetString() == "Critical");
        Assert.Contains("is disabled. Enable it.", critical.GetProperty("Text").GetString(), StringComparison.Ordinal);
        Assert.True(findings.Length > 8);
        Assert.Empty(ca.Actions().Except([.. OfTheReader, "kms:GetPublicKey", "s3:GetObject"])); // docs/cli-aws.md
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_is_one_message()
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        session.Variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9";

        Result result = await session.RunRawAsync("list", "--ca", ca.Location);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("cannot be reached: check network, region and credentials", result.Error, StringComparison.Ordinal);
    }
}
