using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ServerlessCA.Core.Notifications;
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

    /// <summary>Looks at every entry that the time allows.</summary>
    /// <param name="timeIsUp">What is known by then is the answer.</param>
    /// <exception cref="FilesUnavailableException">The list cannot be read.</exception>
    public async Task<SettledEntries> RunAsync(CancellationToken timeIsUp)
    {
        using var enough = new CancellationTokenSource(MaxTime, ca.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeIsUp, enough.Token);
        bool[] settled = [];
        string? fault = null;
        try
        {
            GitOpsEntries list = await GitOpsEntries.ReadAsync(ca.InternalFiles, stop.Token);
            IReadOnlyList<JsonElement> entries = list.Elements;
            var decide = new DecideIssue(ca with { InternalFiles = csrs }, new KnownFacts(ca, ofRun: list));
            settled = new bool[entries.Count];
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop.Token };
            await Parallel.ForEachAsync(Enumerable.Range(0, entries.Count), options, async (place, cancellation) =>
            {
                stop.Token.ThrowIfCancellationRequested(); // the loop itself hears of it a moment later
                try
                {
                    settled[place] = await IsSettledAsync(decide, entries[place], cancellation);
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

    // As a call of the function: too large an entry is refused. And a repeated token answers the certificate, not "already
    // issued" (contract 12.13).
    private async Task<bool> IsSettledAsync(DecideIssue decide, JsonElement entry, CancellationToken cancellation) =>
        JsonMarshal.GetRawUtf8Value(entry).Length <= RequestReader.MaxBytes
        && RequestReader.TryRead(entry, ca.Settings.SingleLabelNames, out CertificateRequest? request, out _)
        && request is { CsrFile: not null, IdempotencyToken: null }
        && await decide.RunAsync(request, cancellation) is IssueDecision.AlreadyIssued { Why.Remark: null };
}

/// <summary>Entries of <c>tls.json</c> that have their certificate. Immutable.</summary>
/// <param name="Places">From 0, as a distributed map counts; rising.</param>
/// <param name="Count">Entries in all.</param>
/// <param name="CutShort">Why not every entry was looked at or named; null: every one was.</param>
public sealed record SettledEntries(IReadOnlyList<int> Places, int Count, string? CutShort)
{
    // Our decision: a quarter of what a state of a state machine may hold (Step Functions quotas: 256 KiB), some 11,000 entries.
    private const int MaxJson = 64 * 1024;

    /// <summary>The answer: one JSON object, <c>{"Settled": [0, 5]}</c>.</summary>
    public string Json => ContractJson.Object(writer =>
    {
        writer.WriteStartArray("Settled");
        foreach (int place in Places)
        {
            writer.WriteNumberValue(place);
        }

        writer.WriteEndArray();
    });

    /// <summary>The first that fit into an answer.</summary>
    /// <param name="settled">Of each entry, whether it is.</param>
    /// <param name="cutShort">Why not every entry was looked at; null: every one was.</param>
    public static SettledEntries Of(IReadOnlyList<bool> settled, string? cutShort)
    {
        var places = new List<int>();
        int left = MaxJson - """{"Settled":[]}""".Length;
        for (int place = 0; place < settled.Count; place++)
        {
            if (!settled[place])
            {
                continue;
            }

            left -= place.ToString(CultureInfo.InvariantCulture).Length + 1;
            if (left < 0)
            {
                return new SettledEntries(places, settled.Count, cutShort ?? "there are more of them than one answer names");
            }

            places.Add(place);
        }

        return new SettledEntries(places, settled.Count, cutShort);
    }
}
