using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;

namespace ServerlessCA.Aws.Tests.DynamoDb;

/// <summary>Tables in which an operation was prepared, with a proxy before them.</summary>
internal sealed class LedgerWorld(FaultProxy proxy, TestTables tables, DynamoDbLedger ledger) : IAsyncDisposable
{
    public FaultProxy Proxy => proxy;

    public TestTables Tables => tables;

    public ICertificateLedger Ledger => ledger;

    public static async Task<LedgerWorld> CreateAsync(LedgerOperation operation, int retries, CancellationToken cancellation)
    {
        var proxy = await FaultProxy.StartAsync(await DynamoDbEmulator.AddressAsync());
        TestTables tables = await TestTables.CreateAsync(cancellation, proxy.Address, retries);
        DynamoDbLedger ledger = tables.Ledger();
        await operation.Prepare(ledger, cancellation);
        proxy.Clear();
        return new LedgerWorld(proxy, tables, ledger);
    }

    public async ValueTask DisposeAsync()
    {
        tables.Dispose();
        await proxy.DisposeAsync();
    }
}
