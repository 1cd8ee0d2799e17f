using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Cloud;

/// <summary>What a CA on AWS remembers.</summary>
/// <param name="ca">Which CA; disposed of by whoever opened it.</param>
/// <param name="tables">Its tables.</param>
/// <param name="clock">The time.</param>
internal sealed class CloudInventory(CloudCa ca, LedgerTables tables, TimeProvider clock) : IInventory
{
    /// <inheritdoc/>
    public ICertificateLedger Ledger { get; } = new DynamoDbLedger(ca.Session.DynamoDb(), tables, clock);

    /// <inheritdoc/>
    public CaNames Names => ca.Names;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
