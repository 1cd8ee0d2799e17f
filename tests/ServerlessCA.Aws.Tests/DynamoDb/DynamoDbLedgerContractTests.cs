using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Aws.Tests.DynamoDb;

public sealed class DynamoDbLedgerContractTests : LedgerContract, IDisposable
{
    private TestTables? tables;

    protected override async Task<ICertificateLedger> OpenAsync()
    {
        tables ??= await TestTables.CreateAsync(Cancellation);
        return tables.Ledger();
    }

    public void Dispose() => tables?.Dispose();
}
