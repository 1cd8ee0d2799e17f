using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Sqlite;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

public sealed class SqliteLedgerContractTests : LedgerContract, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteLedger> opened = [];

    protected override async Task<ICertificateLedger> OpenAsync()
    {
        SqliteLedger ledger = await SqliteLedger.OpenAsync(
            folder.At("ca.db"), create: true, SqliteLedger.DefaultTimeout, Cancellation);
        opened.Add(ledger);
        return ledger;
    }

    public void Dispose()
    {
        opened.ForEach(ledger => ledger.Dispose());
        folder.Dispose();
    }
}

public sealed class SqliteLedgerModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_calls_end_as_on_the_memory_ledger(int seed)
    {
        using SqliteLedger sqlite = await SqliteLedger.OpenAsync(
            folder.At("ca.db"), create: true, SqliteLedger.DefaultTimeout, TestContext.Current.CancellationToken);

        await LedgerModel.CompareAsync(sqlite, seed, calls: 600);
    }
}
