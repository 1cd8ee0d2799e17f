using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb;

public sealed class DynamoDbLedgerContractTests : LedgerContract, IDisposable
{
    private TestTables? tables;

    protected override int InventoryQueries => 100; // each reads the table

    protected override async Task<ICertificateLedger> OpenAsync()
    {
        tables ??= await TestTables.CreateAsync(Cancellation);
        return tables.Ledger();
    }

    public void Dispose() => tables?.Dispose();
}

public sealed class DynamoDbLedgerModelTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Any_calls_end_as_on_the_memory_ledger(int seed)
    {
        using TestTables tables = await TestTables.CreateAsync(TestContext.Current.CancellationToken);

        await LedgerModel.CompareAsync(tables.Ledger(), seed, calls: 500);
    }
}
