using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>What many requests have in common: the CAs, and <c>tls.json</c>. A run over the list reads each of them once; whoever
/// is asked one by one, and perhaps days apart, looks every time whether something has changed. Safe for concurrent use.</summary>
/// <param name="ca">Whose.</param>
/// <param name="ofRun">The list of a run; null: there is no run.</param>
internal sealed class KnownFacts(Deployment ca, GitOpsEntries? ofRun)
{
    private readonly GitOpsList list = new(ca.InternalFiles);
    private volatile Hierarchy? cas;

    /// <summary>Both CAs, or which one is missing. One that is missing is looked for again: it may be created the next moment.</summary>
    /// <exception cref="LedgerUnavailableException">Their rows cannot be read.</exception>
    public async Task<(Hierarchy? Cas, Rejection? Why)> CasAsync(CancellationToken cancellation)
    {
        if (cas is { } known)
        {
            return (known, null);
        }

        (Hierarchy? Cas, Rejection? Why) found = await Hierarchy.FindAsync(ca.Ledger, ca.Settings.Names, cancellation);
        cas = ofRun is null ? null : found.Cas;
        return found;
    }

    /// <summary>The entries of <c>tls.json</c>.</summary>
    /// <exception cref="FilesUnavailableException">It cannot be read.</exception>
    public Task<GitOpsEntries> EntriesAsync(CancellationToken cancellation) =>
        ofRun is null ? list.ReadAsync(cancellation) : Task.FromResult(ofRun);
}
