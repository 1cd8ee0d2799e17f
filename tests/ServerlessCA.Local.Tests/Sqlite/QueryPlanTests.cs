using ServerlessCA.Contracts;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Sqlite;
using ServerlessCA.Local.Tests.WholeRuns;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

/// <summary>No run, search or check reads the rows of a ledger from end to end: SQLite says how it would carry out every statement
/// that they prepared.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Db => folder.At("ca", "ca.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Runs_searches_and_health_find_rows_by_indexes_alone()
    {
        LocalDeployment.WriteGitOps(folder, "a.example.test", "b.example.test");
        using LocalDeployment deployment = await LocalDeployment.OpenAsync(folder, Cancellation);
        Deployment ca = deployment.Deployment;
        await new RunPipeline(ca).RunAsync(Cancellation);
        await new RunPipeline(ca).RunAsync(Cancellation);
        CertificateRecord row = Assert.Single(await ca.Ledger.FindByNameAsync("a.example.test", Cancellation));
        await new RevokeCertificate(ca).RunAsync(RowId.Of(row), RevocationReason.Superseded, Cancellation);
        await new RemindOfExpiry(ca).RunAsync(Cancellation);
        await new CheckHealth(ca).RunAsync(Cancellation);
        var inventory = new CertificateInventory(ca.Ledger);
        await inventory.FindByNameOrSerialAsync(row.SerialNumber.ToString(), Cancellation);
        DateTimeOffset now = ca.Clock.GetUtcNow();
        await inventory.ListAsync(new InventoryQuery(new() { Name = "a", Valid = true, ExpiresFrom = now }) { Limit = 10 }, now, Cancellation);
        await inventory.SummarizeAsync(now, Cancellation);

        IReadOnlyCollection<string> statements = LedgerCommands.StatementsOf(Db);
        string[] scans = [.. statements.Where(ReadsAllRows)];

        Assert.True(statements.Count > 20, "the statements are not seen");
        Assert.True(scans.Length == 0, string.Join('\n', scans));
    }

    [Fact]
    public async Task A_statement_that_reads_all_rows_is_noticed()
    {
        using SqliteLedger ledger = await SqliteLedger.OpenAsync(Directory.CreateDirectory(folder.At("ca")).FullName + "/ca.db", create: true, SqliteLedger.DefaultTimeout, Cancellation);
        await ledger.AddAsync(Some.Addition(), Cancellation);
        await ledger.ListAsync(Cancellation).CountAsync(Cancellation);

        Assert.Contains(LedgerCommands.StatementsOf(Db), ReadsAllRows);
    }

    // A covering index that is read from end to end has no certificates in it: lists filter by it. The index of responders has only the
    // rows that are sought.
    private bool ReadsAllRows(string statement)
    {
        if (statement is "COMMIT" or "BEGIN IMMEDIATE" || statement.StartsWith("PRAGMA", StringComparison.Ordinal))
        {
            return false;
        }

        string plan = Database.Plan(Db, statement);
        return plan.Split('\n').Any(line =>
            line.Contains("SCAN Certificates", StringComparison.Ordinal)
            && !line.Contains("USING COVERING INDEX", StringComparison.Ordinal) && !line.EndsWith("USING INDEX CertificatesResponders", StringComparison.Ordinal));
    }
}
