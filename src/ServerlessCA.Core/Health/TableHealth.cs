using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Health;

/// <summary>What only the whole table tells: it is read once from end to end, in the pages that a ledger streams, and no row
/// is asked for alone.</summary>
internal sealed class TableHealth(Deployment ca)
{
    /// <summary>Reads it. The reservations come first: a certificate that is added meanwhile is not missed.</summary>
    public async Task<(HealthFinding Usage, HealthFinding Reservations)> RunAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var usage = new UsageHealth(ca.Settings.AllowOcspSigning, now);
        var reservations = new ReservationHealth(ca.Settings.Names);
        await foreach (RowId row in ca.Ledger.ListReservedAsync(cancellation))
        {
            reservations.Expect(row);
        }

        if (usage.HasToLook || reservations.HasToLook)
        {
            await foreach (CertificateRecord row in ca.Ledger.ListAsync(cancellation))
            {
                usage.See(row);
                reservations.See(row);
            }
        }

        return (usage.Finding(), reservations.Finding());
    }
}
