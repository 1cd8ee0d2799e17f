using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.History;

/// <summary>Notes in the history what belongs to no transaction: refusals and CRLs. Never throws for a fault of the ledger: the
/// history must not undo what it tells of.</summary>
internal sealed class HistoryLog(Deployment ca)
{
    /// <summary>Notes a refusal, unless this one or another of the caller's minute is there.</summary>
    /// <param name="commonName">The requested name; null: none, or not known.</param>
    /// <param name="why">The reason.</param>
    /// <param name="repeatedAs">Identifies a refusal that comes again every night; null for others.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task RefusedAsync(string? commonName, Rejection why, string? repeatedAs, CancellationToken cancellation) =>
        AddAsync(HistoryEntry.Refused(commonName, why, repeatedAs, ca.Clock.GetUtcNow(), ca.Actor), cancellation);

    /// <summary>Notes a CRL that was published; nothing if none was.</summary>
    public Task PublishedAsync(string caName, CrlOutcome outcome, CancellationToken cancellation) =>
        outcome is { Status: CrlStatus.Published, Number: { } number }
            ? AddAsync(HistoryEntry.Published(caName, number, outcome.EntryCount, ca.Clock.GetUtcNow(), ca.Actor), cancellation)
            : Task.CompletedTask;

    private async Task AddAsync(HistoryEntry entry, CancellationToken cancellation)
    {
        try
        {
            await ca.Ledger.AddHistoryAsync(entry, cancellation);
        }
        catch (Exception fault) when (fault is LedgerUnavailableException or OperationCanceledException)
        {
            // What happened has happened; only the note of it is lost.
        }
    }
}
