using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Finds the entries of <c>tls.json</c> for which issuing would answer "Certificate already issued", without a remark,
/// and do nothing: a run need not call for them one by one. It decides as <see cref="IssueCertificate"/> does and changes
/// nothing. An entry that cannot be decided in time is not settled.</summary>
/// <param name="ca">The deployment whose entries they are.</param>
/// <param name="csrs">The internal store, which may refuse files of a size that no CSR has: several are in memory at
/// once.</param>
public sealed class FindSettledEntries(Deployment ca, IInternalFiles csrs)
{
    private const int AtOnce = 16; // entries; our decision: each waits some milliseconds for its stores, and has a CSR in memory

    // Our decision: a thousand entries take a minute with the least memory that a function can have.
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(2);

    /// <summary>Decides about as many entries as the time allows.</summary>
    /// <param name="timeIsUp">Ends the search: the answer is what is known by then.</param>
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
            var decide = new DecideIssue(ca with { InternalFiles = csrs }, new KnownFacts(ca, ofRun: list));
            settled = new bool[list.Elements.Count];
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop.Token };
            await Parallel.ForEachAsync(list.Elements.Index(), options, async (entry, cancellation) =>
            {
                stop.Token.ThrowIfCancellationRequested(); // the loop itself notices it a moment later
                try
                {
                    settled[entry.Index] = await IsSettledAsync(decide, entry.Item, cancellation);
                }
                catch (FilesUnavailableException unfit) when (unfit.IsUnfit)
                {
                    // Only this entry is not settled: issuing reports the reason.
                }
                catch (Exception unavailable) when (unavailable is LedgerUnavailableException or FilesUnavailableException)
                {
                    Interlocked.CompareExchange(ref fault, unavailable.Message, null);
                    await stop.CancelAsync(); // a store that does not answer is not called a thousand times
                }
            });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            fault ??= "the time was over";
        }

        return SettledEntries.Of(settled, fault);
    }

    // It decides as a call of the function: an entry that is too large is refused, and a repeated token gets the certificate, not "already
    // issued" (contract 12.13).
    private async Task<bool> IsSettledAsync(DecideIssue decide, JsonElement entry, CancellationToken cancellation) =>
        JsonMarshal.GetRawUtf8Value(entry).Length <= RequestReader.MaxBytes
        && RequestReader.TryRead(entry, ca.Settings.SingleLabelNames, out CertificateRequest? request, out _)
        && request is { CsrFile: not null, IdempotencyToken: null }
        && await decide.RunAsync(request, cancellation) is IssueDecision.AlreadyIssued { Why.Remark: null };
}

/// <summary>Lists entries of <c>tls.json</c> that have their certificate. Immutable.</summary>
/// <param name="Places">Positions from 0, as a distributed map counts; rising.</param>
/// <param name="Count">How many entries there are in all.</param>
/// <param name="CutShort">Why not every entry was checked or named; null: every one was.</param>
public sealed record SettledEntries(IReadOnlyList<int> Places, int Count, string? CutShort)
{
    // Our decision: a quarter of what a state of a state machine may hold (Step Functions quotas: 256 KiB), some 11,000 entries.
    private const int MaxJson = 64 * 1024;

    /// <summary>Gets the answer: one JSON object, <c>{"Settled": [0, 5]}</c>.</summary>
    public string Json => ContractJson.Object(writer =>
    {
        writer.WriteStartArray("Settled");
        foreach (int place in Places)
        {
            writer.WriteNumberValue(place);
        }

        writer.WriteEndArray();
    });

    /// <summary>Returns the first ones, as many as fit into an answer.</summary>
    /// <param name="settled">For each entry, whether it is settled.</param>
    /// <param name="cutShort">Why not every entry was checked; null: every one was.</param>
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
