using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Health;

/// <summary>What the rows tell: the table is read once from end to end, in the pages that a ledger streams, and no row is
/// asked for alone.</summary>
internal sealed class TableHealth(Deployment ca)
{
    /// <summary>Reads it. The reservations come first: a certificate that is added meanwhile is not missed.</summary>
    public async Task<IReadOnlyList<HealthFinding>> RunAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var usage = new UsageHealth(ca.Settings.AllowOcspSigning, now);
        var due = new DueHealth(ca.Settings.ExpiryReminders, now);
        var reservations = new ReservationHealth(ca.Settings.Names);
        await foreach (RowId row in ca.Ledger.ListReservedAsync(cancellation))
        {
            reservations.Expect(row);
        }

        await foreach (CertificateRecord row in ca.Ledger.ListAsync(cancellation))
        {
            usage.See(row);
            due.See(row);
            reservations.See(row);
        }

        await AskForRemindersAsync(now, cancellation);
        return [usage.Finding(), due.Finding(), reservations.Finding()];
    }

    // One day is enough to notice that the ledger does not find rows by their expiry, as where its index is missing.
    private async Task AskForRemindersAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await ca.Ledger.ListExpiringAsync(today, today, cancellation).AnyAsync(cancellation);
    }
}
