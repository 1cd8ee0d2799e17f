using System.Text.Json;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Pipeline;

/// <summary>Issues the certificates of a list with the results of one entry after the other. The decisions are made one by one, and
/// carried out while the next ones are made: a ledger then stores several certificates in one transaction. An entry that has a key or a
/// token with one that is not finished waits for it.</summary>
/// <param name="issue">Knows the list.</param>
/// <param name="singleLabels">Whether alternative names may have one label.</param>
/// <param name="ended">Receives the results in the order of the list.</param>
internal sealed class RunEntries(IssueCertificate issue, bool singleLabels, Action<EntryResult> ended)
{
    private const int MaxGroup = 64; // entries; our decision: as many writes as the ledger of one machine puts into a transaction

    private readonly Queue<Task<EntryResult>> group = [];
    private readonly HashSet<KeyHash> keys = []; // of the certificates that the group issues
    private readonly HashSet<string> tokens = [];

    /// <summary>Works through the list.</summary>
    public async Task RunAsync(GitOpsEntries entries, CancellationToken cancellation)
    {
        try
        {
            foreach ((int place, JsonElement element) in entries.Elements.Index())
            {
                var begun = new EntryResult
                {
                    Position = place + 1,
                    Line = JsonLines.LineOf(entries.Lines, place + 1),
                    CommonName = GitOpsEntries.NameOf(element),
                    Status = EntryStatus.Failed,
                };
                await BeginAsync(begun, element, cancellation);
                await FinishAsync(most: MaxGroup - 1);
            }

            await FinishAsync(most: 0);
        }
        finally
        {
            await ((Task)Task.WhenAll(group)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // what was begun ends, whatever else happens
        }

        await issue.SaveProofsAsync(cancellation);
    }

    private async Task BeginAsync(EntryResult begun, JsonElement element, CancellationToken cancellation)
    {
        try
        {
            if (!RequestReader.TryRead(element, singleLabels, out CertificateRequest? request, out _))
            {
                group.Enqueue(Task.FromResult(RunPipeline.ResultOf(begun, await issue.RunAsync(element, cancellation))));
                return;
            }

            IssueDecision decision = await issue.DecideAsync(request, cancellation);
            if (DependsOnGroup(decision))
            {
                await FinishAsync(most: 0);
                decision = await issue.DecideAsync(request, cancellation);
            }

            Add(begun, decision, cancellation);
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            group.Enqueue(Task.FromResult(begun with { Message = fault.Message }));
        }
    }

    private void Add(EntryResult begun, IssueDecision decision, CancellationToken cancellation)
    {
        if (decision is IssueDecision.Issue issuing)
        {
            keys.Add(issuing.Subject.Key.Reservation.Hash);
            if (decision.Requested.Request.IdempotencyToken is { } token)
            {
                tokens.Add(token);
            }
        }

        group.Enqueue(CarryOutAsync(begun, decision, cancellation));
    }

    // All that one entry changes and the decision about another one looks at.
    private bool DependsOnGroup(IssueDecision decision) =>
        (decision.Requested.Csr is { } csr && keys.Contains(csr.PublicKey.Reservation.Hash))
        || (decision.Requested.Request.IdempotencyToken is { } token && tokens.Contains(token));

    private async Task<EntryResult> CarryOutAsync(EntryResult begun, IssueDecision decision, CancellationToken cancellation)
    {
        try
        {
            return RunPipeline.ResultOf(begun, await issue.CarryOutAsync(decision, cancellation));
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            return begun with { Message = fault.Message };
        }
    }

    // Reports what has ended before everything that follows has, and waits until no more than so many are left, or none. Both keep the
    // order of the list: what ends early is reported when all before it have ended.
    private async Task FinishAsync(int most)
    {
        bool isFull = group.Count > most;
        while (group.TryPeek(out Task<EntryResult>? first) && (isFull || first.IsCompleted))
        {
            EntryResult result = await first;
            _ = group.Dequeue();
            ended(result);
        }

        if (group.Count == 0)
        {
            keys.Clear();
            tokens.Clear();
        }
    }
}
