using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;

namespace ServerlessCA.Cli.Tests.Cloud;

/// <summary>Tests a table that was restored from a backup, which has another name than the computed one (contract
/// 12.18).</summary>
public sealed class TableNameTests
{
    private static readonly string[] Commands = ["list", "show a.example.com", "get a.example.com", "migrate", "health", "revoke a.example.com --folder FOLDER"];

    public enum Said
    {
        ByTheFunction,
        ByVariable,
        ByTheLocation,
    }

    [Theory]
    [InlineData(Said.ByTheFunction)]
    [InlineData(Said.ByVariable)]
    [InlineData(Said.ByTheLocation)]
    public async Task A_restored_table_is_found_by_every_command(Said said)
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await ca.IssueAsync("a.example.com");
        string table = $"{ca.Deployed.Tables.Certificates}-restored";
        await ca.RestoreTableAsync(table);
        ca.Settings["TABLE_NAME"] = said == Said.ByTheFunction ? table : "another";
        if (said == Said.ByVariable)
        {
            session.Variables["TABLE_NAME"] = table;
        }

        session.Folder.Write("lists/revoked.json", "[]");
        foreach (string command in Commands)
        {
            string[] words = command.Replace("FOLDER", session.Folder.At("lists"), StringComparison.Ordinal).Split(' ');
            (await session.RunRawAsync([.. words, "--ca", said == Said.ByTheLocation ? $"{ca.Location}?table={table}" : ca.Location])).Done();
        }

        Assert.Contains("a.example.com", (await File.ReadAllTextAsync(session.Folder.At("lists/revoked.json"), TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_names_the_table_needs_no_right_to_the_functions_settings()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        (await session.RunRawAsync("list", "--ca", $"{ca.Location}?table={ca.Deployed.Tables.Certificates}")).Done();
        (await session.RunRawAsync("migrate", "--ca", $"{ca.Location}?table={ca.Deployed.Tables.Certificates}&index_table={ca.Deployed.Tables.Index}")).Done();

        Assert.Empty(ca.Functions.Described);
    }

    [Fact]
    public async Task Where_the_settings_may_not_be_read_the_computed_name_counts()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        ca.Functions.MayDescribe = false;

        (await session.RunRawAsync("list", "--ca", ca.Location)).Done();
    }

    [Fact]
    public async Task Where_neither_helps_the_message_tells_how_to_name_the_table()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await ca.RestoreTableAsync($"{ca.Deployed.Tables.Certificates}-restored");
        ca.Functions.MayDescribe = false;

        Result result = await session.RunRawAsync("list", "--ca", ca.Location);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains($"there is no table '{ca.Deployed.Tables.Certificates}' in eu-west-2, account 123456789012", result.Error, StringComparison.Ordinal);
        Assert.Contains($"allow lambda:GetFunctionConfiguration on '{ca.Names.Function("tls-cert")}'", result.Error, StringComparison.Ordinal);
        Assert.Contains("--ca 'aws://PROJECT/ENV?table=NAME', or TABLE_NAME", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_the_settings_name_and_that_is_gone_is_the_one_in_the_message()
    {
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        ca.Settings["TABLE_NAME"] = "gone";

        Result result = await session.RunRawAsync("list", "--ca", ca.Location);

        Assert.Contains("there is no table 'gone' in eu-west-2", result.Error, StringComparison.Ordinal);
    }
}
