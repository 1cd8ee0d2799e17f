using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Issuance;

/// <summary>Reads and writes what the ledger remembers of the CRLs of one CA key besides their number (contract 12.21,
/// 12.22).</summary>
internal sealed class CrlMarks(ICertificateLedger ledger, CertificateAuthority authority)
{
    private readonly string begun = $"crl-begun {authority.KeyId}";
    private readonly string published = $"crl-published {authority.KeyId}";
    private readonly string lost = $"crl-lost {authority.KeyId}";
    private readonly string accepted = $"crl-accepted {authority.KeyId}";
    private readonly string setAside = $"crl-set-aside {authority.KeyId}";
    private readonly string failed = $"crl-failed {authority.KeyId}";
    private readonly string well = $"crl-well {authority.KeyId}";

    /// <summary>Says whether relying parties may have seen a CRL of this key. A number that was counted proves it, unless our own
    /// first publication counted it and never ended.</summary>
    public async Task<bool> HavePublishedAsync(CancellationToken cancellation) =>
        await ledger.FindMarkAsync(published, cancellation) is not null
        || (authority.Record.CrlNumber > 0 && await ledger.FindMarkAsync(begun, cancellation) is null);

    /// <summary>Notes, before the first number is counted, that nothing has been published yet.</summary>
    public Task BeginAsync(DateTimeOffset now, CancellationToken cancellation) => SetAsync(begun, now, cancellation);

    /// <summary>Notes that relying parties are about to see a first CRL.</summary>
    public Task PublishAsync(DateTimeOffset now, CancellationToken cancellation) => SetAsync(published, now, cancellation);

    /// <summary>Returns when the published CRL was lost, unless the operator has accepted the loss; null when all is
    /// well.</summary>
    public async Task<DateTimeOffset?> LostSinceAsync(CancellationToken cancellation) =>
        await ledger.FindMarkAsync(lost, cancellation) is { } since && !(await ledger.FindMarkAsync(accepted, cancellation) >= since)
            ? since
            : null;

    /// <summary>Returns the time of a loss that is found now: later than the last accepted loss, whatever the clock
    /// says.</summary>
    public async Task<DateTimeOffset> LossAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        DateTimeOffset at = TableTime.WholeSeconds(now);
        return await LostSinceAsync(cancellation)
            ?? (await ledger.FindMarkAsync(accepted, cancellation) is { } before && before >= at ? before.AddSeconds(1) : at);
    }

    /// <summary>Notes that the published CRL is lost.</summary>
    /// <param name="since">The time that <see cref="LossAsync"/> returns.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task LoseAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        if (await LostSinceAsync(cancellation) is null)
        {
            await SetAsync(lost, since, cancellation);
        }
    }

    /// <summary>Notes that the operator has accepted the loss, or has restored the CRL.</summary>
    /// <returns>False when nothing was lost.</returns>
    public async Task<bool> AcceptAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (await LostSinceAsync(cancellation) is not { } since)
        {
            return false;
        }

        await SetAsync(accepted, now > since ? now : since, cancellation);
        return true;
    }

    /// <summary>Returns the date of the CRL that was set aside last; null when none was.</summary>
    public Task<DateTimeOffset?> SetAsideAsync(CancellationToken cancellation) => ledger.FindMarkAsync(setAside, cancellation);

    /// <summary>Notes that the published CRL of that date does not count any more.</summary>
    public Task SetAsideAsync(DateTimeOffset thisUpdate, CancellationToken cancellation) => SetAsync(setAside, thisUpdate, cancellation);

    /// <summary>Says whether the last run could not carry out every entry of its list.</summary>
    public async Task<bool> EntriesFailedAsync(CancellationToken cancellation) =>
        await ledger.FindMarkAsync(failed, cancellation) is { } at && !(await ledger.FindMarkAsync(well, cancellation) >= at);

    /// <summary>Notes how the entries of this run ended, for <c>health</c>; writes only a change.</summary>
    public async Task NoteEntriesAsync(bool haveFailed, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await EntriesFailedAsync(cancellation) == haveFailed)
        {
            return;
        }

        DateTimeOffset? before = await ledger.FindMarkAsync(haveFailed ? well : failed, cancellation);
        DateTimeOffset soonest = haveFailed ? before?.AddSeconds(1) ?? now : before ?? now;
        await SetAsync(haveFailed ? failed : well, now > soonest ? now : soonest, cancellation);
    }

    private Task SetAsync(string mark, DateTimeOffset at, CancellationToken cancellation) =>
        ledger.SetMarkAsync(mark, TableTime.WholeSeconds(at), cancellation);
}
