using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Rehearses <c>docs/operations/runbooks/restore-tables.md</c> on emulated tables: both are restored to one instant, looked at beside
/// the damaged ones, and put in their place.</summary>
public sealed class RestoredTablesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_tables_of_one_instant_are_looked_at_beside_the_damaged_ones_and_then_put_in_their_place()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await ca.IssueAsync("a.example.com");
        await ca.IssueAsync("b.example.com");
        TablesAtInstant instant = await TablesAtInstant.CopyAsync(ca.DynamoDb(), ca.Deployed.Tables);

        // Since then: a revocation that is on the CRL, a certificate, and the damage.
        SerialNumber revoked = SerialNumber.Parse((await ca.Deployed.RowsAsync("b.example.com")).Single()["SerialNumber"].S);
        await new RevokeCertificate(ca.Core).RunAsync(new RowId("b.example.com", revoked), RevocationReason.KeyCompromise, Cancellation);
        Assert.False((await PublishCrl.OfIssuing(ca.Core).RunAsync(Cancellation)).Failed);
        await ca.IssueAsync("late.example.com");
        await ca.LoseRowsAsync("a.example.com");

        LedgerTables restored = Restored(ca);
        await instant.RestoreAsync(ca.DynamoDb(), restored);
        Result health = await session.RunRawAsync("health", "--ca", Beside(ca, restored));
        Result beside = (await session.RunRawAsync("list", "--ca", Beside(ca, restored))).Done();
        Result damaged = (await session.RunRawAsync("list", "--ca", ca.Location)).Done();

        Assert.Equal(ExitCode.Unhealthy, health.ExitCode); // the restored ledger is behind its CRL
        Assert.Contains("a.example.com", beside.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("late.example.com", beside.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("a.example.com", damaged.Output.Replace("late.example.com", "", StringComparison.Ordinal), StringComparison.Ordinal);

        await TablesAtInstant.DeleteAsync(ca.DynamoDb(), ca.Deployed.Tables);
        await (await TablesAtInstant.CopyAsync(ca.DynamoDb(), restored)).RestoreAsync(ca.DynamoDb(), ca.Deployed.Tables);
        await ca.WithCasAsync(); // a run of the pipeline, which did not fail

        (await session.RunRawAsync("health", "--ca", ca.Location)).Done();
        (await session.RunRawAsync("show", "a.example.com", "--ca", ca.Location)).Done();
        Assert.True((await ca.Deployed.RowsAsync("b.example.com")).Single().ContainsKey("Revoked")); // taken over from the CRL
        Assert.NotEqual(ExitCode.Done, (await session.RunRawAsync("show", "late.example.com", "--ca", ca.Location)).ExitCode); // step 9 of the runbook
        await TablesAtInstant.DeleteAsync(ca.DynamoDb(), restored);
    }

    [Fact]
    public async Task A_transaction_that_only_one_of_the_restored_tables_has_is_completed_by_migrate()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        TablesAtInstant before = await TablesAtInstant.CopyAsync(ca.DynamoDb(), ca.Deployed.Tables);
        await ca.IssueAsync("torn.example.com");
        TablesAtInstant after = await TablesAtInstant.CopyAsync(ca.DynamoDb(), ca.Deployed.Tables);
        LedgerTables restored = Restored(ca);
        await (after with { Index = before.Index }).RestoreAsync(ca.DynamoDb(), restored);

        Result early = await session.RunRawAsync("migrate", "--apply", "--ca", Beside(ca, restored));
        await ForgetOldTokensAsync(ca, restored);
        JsonElement first = await MigrateAsync(session, ca, restored);
        JsonElement second = await MigrateAsync(session, ca, restored);

        Assert.Equal(ExitCode.Fault, early.ExitCode); // a restore does not bring time to live back, and migrate says so
        Assert.Contains("time to live is off", early.Error, StringComparison.Ordinal);
        Assert.Equal(1, first.GetProperty("KeysReserved").GetInt64());
        Assert.Equal(0, second.GetProperty("KeysReserved").GetInt64());
        Assert.True(second.GetProperty("Complete").GetBoolean());
        await TablesAtInstant.DeleteAsync(ca.DynamoDb(), restored);
    }

    private static async Task ForgetOldTokensAsync(AwsCa ca, LedgerTables tables) =>
        await ca.DynamoDb().UpdateTimeToLiveAsync(
        new UpdateTimeToLiveRequest
        {
            TableName = tables.Index,
            TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = TableDefinitions.TimeToLiveAttribute, Enabled = true },
        },
        Cancellation);

    private static async Task<JsonElement> MigrateAsync(Session session, AwsCa ca, LedgerTables tables) =>
        (await session.RunRawAsync("migrate", "--apply", "--output", "json", "--ca", Beside(ca, tables))).Done().Json;

    private static LedgerTables Restored(AwsCa ca) => ca.Deployed.Tables with
    {
        Certificates = $"{ca.Deployed.Tables.Certificates}-restored",
        Index = $"{ca.Deployed.Tables.Index}-restored",
    };

    private static string Beside(AwsCa ca, LedgerTables tables) => $"{ca.Location}?table={tables.Certificates}&index_table={tables.Index}";
}
