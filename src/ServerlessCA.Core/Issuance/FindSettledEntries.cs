using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Finds the entries of <c>tls.json</c> for which issuing would answer "Certificate already issued", with nothing to
/// add, and do nothing: a run need not ask for them one by one. It decides as <see cref="IssueCertificate"/> does and changes
/// nothing. Whatever it cannot say in time is not settled.</summary>
/// <param name="ca">Whose entries.</param>
/// <param name="csrs">The internal store, which may refuse files of a size that no CSR has: several are in memory at once.</param>
public sealed class FindSettledEntries(Deployment ca, IInternalFiles csrs)
{
    private const int AtOnce = 16; // entries; our decision: each waits some milliseconds for its stores, and has a CSR in memory

    // Our decision: a thousand entries take a minute with the least memory that a function can have.
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(2);

    private readonly IssueDecision decision = new(ca with { InternalFiles = csrs });

    /// <summary>Looks at every entry that the time allows.</summary>
    /// <param name="timeIsUp">What is known by then is the answer.</param>
    /// <exception cref="FilesUnavailableException">The list cannot be read.</exception>
    public async Task<SettledEntries> RunAsync(CancellationToken timeIsUp)
    {
        using var enough = new CancellationTokenSource(MaxTime, ca.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeIsUp, enough.Token);
        IReadOnlyList<JsonElement> entries = [];
        bool[] settled = [];
        string? fault = null;
        try
        {
            entries = (await GitOpsEntries.ReadAsync(ca.InternalFiles, stop.Token)).Elements;
            settled = new bool[entries.Count];
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop.Token };
            await Parallel.ForEachAsync(Enumerable.Range(0, entries.Count), options, async (place, cancellation) =>
            {
                stop.Token.ThrowIfCancellationRequested(); // the loop itself hears of it a moment later
                try
                {
                    settled[place] = await IsSettledAsync(entries[place], cancellation);
                }
                catch (FilesUnavailableException unfit) when (unfit.IsUnfit)
                {
                    // This entry alone: whoever issues says so.
                }
                catch (Exception unavailable) when (unavailable is LedgerUnavailableException or FilesUnavailableException)
                {
                    Interlocked.CompareExchange(ref fault, unavailable.Message, null);
                    await stop.CancelAsync(); // what does not answer is not asked a thousand times
                }
            });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            fault ??= "the time was over";
        }

        return SettledEntries.Of(settled, fault);
    }

    // Through the same door as a call of the function: an entry is text, and too much of it is refused.
    private async Task<bool> IsSettledAsync(JsonElement entry, CancellationToken cancellation)
    {
        if (!IssueRequest.TryParse(Encoding.UTF8.GetBytes(entry.GetRawText()), out IssueRequest? request, out _) || !request.NamesCsrFile)
        {
            return false;
        }

        // A repeated token answers the certificate, not "already issued" (SPEC 12.13).
        if ((await decision.InquireAsync(request, cancellation)).Attempt is not { Request.IdempotencyToken: null } attempt)
        {
            return false;
        }

        KeyReuse reuse = await decision.FindReuseAsync(attempt, cancellation);
        (_, KeyDecision key) = await decision.DecideAsync(attempt, reuse, cancellation);
        return key.Why is { Code: RejectionCode.AlreadyIssued, Remark: null };
    }
}
