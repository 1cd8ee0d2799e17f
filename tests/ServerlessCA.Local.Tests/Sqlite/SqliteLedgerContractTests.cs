using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Local.Sqlite;

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
