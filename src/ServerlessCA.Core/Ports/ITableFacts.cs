using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Ports;

/// <summary>Answers what <c>health</c> asks about all rows, without reading them: what a ledger offers beside
/// <see cref="ICertificateLedger"/> if its store has indexes for it. Over every other ledger the same is found by reading all
/// rows.</summary>
public interface ITableFacts
{
    /// <summary>Lists the rows whose certificates have the extended key usage OCSP_SIGNING, and perhaps others; in no order, streamed.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    IAsyncEnumerable<CertificateRecord> ListRespondersAsync(CancellationToken cancellation);

    /// <summary>Counts the rows of <see cref="ICertificateLedger.ListExpiringAsync"/> that are not revoked and pass a test.</summary>
    /// <param name="first">The first day, UTC.</param>
    /// <param name="last">The last day.</param>
    /// <param name="passes">Gets <c>Issued</c> and <c>Expires</c> of a row.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    Task<int> CountExpiringAsync(DateOnly first, DateOnly last, Func<DateTimeOffset, DateTimeOffset, bool> passes, CancellationToken cancellation);

    /// <summary>Counts the reservations of keys whose row is gone.</summary>
    /// <param name="exceptNames">Common names whose rows do not count.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read.</exception>
    Task<int> CountOrphanedAsync(IReadOnlyCollection<string> exceptNames, CancellationToken cancellation);
}

/// <summary>Is a ledger over another one that answers by itself what that one offers.</summary>
public interface ILedgerLayer
{
    /// <summary>Gets the ledger below.</summary>
    ICertificateLedger Below { get; }
}

/// <summary>Finds what a ledger offers beside <see cref="ICertificateLedger"/>.</summary>
internal static class LedgerOffers
{
    /// <summary>Returns the port, also that of a ledger below; null: nobody offers it.</summary>
    public static T? Find<T>(ICertificateLedger ledger)
        where T : class => ledger as T ?? (ledger is ILedgerLayer layer ? Find<T>(layer.Below) : null);
}
