using System.Text.Json;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Pipeline;

/// <summary>Plans the entries of <c>tls.json</c>, in order: each is decided and, in the plan's ledger, carried out by the code
/// that issues, but for the signature.</summary>
/// <param name="ca">A deployment that remembers what is planned.</param>
/// <param name="targets">Where certificates have to work, besides what the CA's settings say.</param>
/// <param name="rights">The rights of whoever would request them.</param>
internal sealed class PlanEntries(Deployment ca, IReadOnlyList<LintTarget> targets, CallerRights rights)
{
    private const int MaxVanished = 20; // our decision: who sees more than that has given another folder

    private readonly DateTimeOffset now = ca.Clock.GetUtcNow();
    private readonly List<PlannedEntry> planned = [];
    private readonly HashSet<RowId> ofPlan = [];
    private Hierarchy? cas;

    /// <summary>Gets what was planned so far.</summary>
    public IReadOnlyList<PlannedEntry> Planned => planned;

    /// <summary>Plans a list.</summary>
    public async Task PlanAsync(GitOpsEntries list, Action<string, int, int>? progress, CancellationToken cancellation)
    {
        var issue = new IssueCertificate(ca, list, SignAsync);
        (cas, _) = await Hierarchy.FindAsync(ca.Ledger, ca.Settings.Names, cancellation);
        foreach (JsonElement element in list.Elements)
        {
            string name = GitOpsEntries.NameOf(element);
            progress?.Invoke(name, planned.Count, list.Elements.Count);
            int position = planned.Count + 1;
            var begun = new EntryResult { Position = position, Line = JsonLines.LineOf(list.Lines, position), CommonName = name, Status = EntryStatus.Failed };
            var place = new ListPlace(GitOpsEntries.FileKey, position) { Line = begun.Line };
            planned.Add(await EntryAsync(issue, element, place, begun, cancellation));
        }
    }

    /// <summary>Finds certificates that were issued with a reminder, as those of entries are, and whose name no entry has. Reads the
    /// ledger's list of what is reminded of, and no other row.</summary>
    public async Task<VanishedEntries> FindVanishedAsync(CancellationToken cancellation)
    {
        HashSet<string> names = [.. planned.Select(entry => entry.Decision?.Requested.CommonName ?? entry.Result.CommonName)];
        var soonest = new SortedSet<InventoryRow>(InventoryOrder.ByExpiry);
        var rows = new Dictionary<RowId, CertificateRecord>();
        int more = 0;
        try
        {
            DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
            await foreach (CertificateRecord row in ca.Ledger.ListExpiringAsync(today, DateOnly.MaxValue, cancellation))
            {
                if (row.Expires <= now || row.Revoked is not null || names.Contains(row.CommonName) || cas?.HasLost(row) != false
                    || !soonest.Add(InventoryRow.Of(row, now)))
                {
                    continue;
                }

                rows[RowId.Of(row)] = row;
                if (soonest.Count > MaxVanished)
                {
                    InventoryRow last = soonest.Max!;
                    soonest.Remove(last);
                    rows.Remove(new RowId(last.CommonName, last.SerialNumber));
                    more++;
                }
            }
        }
        catch (LedgerUnavailableException fault)
        {
            return new VanishedEntries([], 0, fault.Message);
        }

        return new VanishedEntries([.. soonest.Select(row => rows[new RowId(row.CommonName, row.SerialNumber)])], more, null);
    }

    private Task<Certificate> SignAsync(IssueDecision.Issue issue, CancellationToken cancellation) =>
        Task.FromResult(UnsignedOf(issue, ca.Serials.Draw()));

    private static Certificate UnsignedOf(IssueDecision.Issue issue, SerialNumber serial) => UnsignedCertificate.Of(
        issue.Template with { SerialNumber = serial },
        KeySpecs.Of(issue.Issuing.Certificate.PublicKey!) ?? throw new CaKeyUnavailableException($"nothing is signed with a key such as that of {issue.Issuing.Name}"));

    private async Task<PlannedEntry> EntryAsync(
        IssueCertificate issue, JsonElement element, ListPlace place, EntryResult begun, CancellationToken cancellation)
    {
        try
        {
            if (!RequestReader.TryRead(element, ca.Settings.SingleLabelNames, out CertificateRequest? request, out _))
            {
                EntryResult unreadable = RunPipeline.ResultOf(begun, await issue.RunAsync(element, cancellation));
                return new PlannedEntry { Place = place, Result = unreadable, Verdict = PlannedVerdict.Refuse };
            }

            IssueDecision decision = await issue.DecideAsync(request with { Rights = rights }, cancellation);
            CertificateRecord? before = decision is IssueDecision.Issue ? await NewestAsync(decision.Requested.CommonName!, cancellation) : null;
            IssueOutcome outcome = await issue.CarryOutAsync(decision, cancellation);
            var entry = new PlannedEntry
            {
                Place = place,
                Result = Named(RunPipeline.ResultOf(begun, outcome), decision),
                Decision = decision,
                Verdict = PlannedVerdict.Refuse,
                Warnings = outcome is IssueOutcome.Issued { Repeated: false } issuing ? issuing.Warnings
                    : outcome is IssueOutcome.Refused { Why.Code: not RejectionCode.AlreadyIssued } refused ? refused.Warnings
                    : request.Warnings.Texts,
            };
            return entry.Result.Status switch
            {
                EntryStatus.Issued when decision is IssueDecision.Issue issued => Issued(entry, issued, outcome, before),
                EntryStatus.AlreadyIssued => Present(entry),
                _ => entry,
            };
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            return new PlannedEntry { Place = place, Result = begun with { Message = fault.Message }, Verdict = PlannedVerdict.Fail };
        }
    }

    private async Task<CertificateRecord?> NewestAsync(string commonName, CancellationToken cancellation) =>
        InventoryOrder.NewestFirst(await ca.Ledger.FindByNameAsync(commonName, cancellation)).FirstOrDefault(row => row is { IsCa: false, Revoked: null });

    private PlannedEntry Issued(PlannedEntry entry, IssueDecision.Issue issue, IssueOutcome outcome, CertificateRecord? before)
    {
        if (outcome is IssueOutcome.Issued { Record: var row })
        {
            ofPlan.Add(RowId.Of(row));
        }

        Certificate certificate = UnsignedOf(issue, SerialNumber.Largest);
        IReadOnlyList<PreIssuanceFinding> findings = targets.Count == 0
            ? issue.Findings
            : issue.FindingsBy(ca.Settings.Lints with { Targets = [.. ca.Settings.Lints.Targets.Union(targets)] });
        return entry with
        {
            Verdict = PlannedVerdict.Issue,
            Result = entry.Result with { SerialNumber = null },
            Present = before is not null && !ofPlan.Contains(RowId.Of(before)) ? before : null,
            Certificate = certificate,
            Findings = findings,
            Warnings = [.. entry.Warnings.Except(issue.Findings.Select(finding => finding.WarningText), StringComparer.Ordinal)],
            Differences = before?.Certificate is { } present ? CertificateComparison.Between(present, certificate, issue.Requested.Request, cas!) : [],
        };
    }

    private PlannedEntry Present(PlannedEntry entry)
    {
        CertificateRecord? row = entry.Decision switch
        {
            IssueDecision.AlreadyIssued already => already.Record,
            IssueDecision.Repeat repeat => repeat.Record,
            _ => null,
        };
        EntryChange? change = row?.Certificate is { } certificate && cas is not null
            ? EntryChange.Of(entry.Decision!.Requested, certificate, cas, ca.Settings, now)
            : null;
        bool isOfPlan = row is not null && ofPlan.Contains(RowId.Of(row));
        return entry with
        {
            Verdict = change is { IsChanged: true } ? PlannedVerdict.Changed : PlannedVerdict.AlreadyIssued,
            Result = isOfPlan ? entry.Result with { SerialNumber = null } : entry.Result,
            Present = isOfPlan ? null : row,
            Certificate = change?.Certificate,
            Differences = change?.Differences ?? [],
            Remark = isOfPlan ? "an entry before it in the list gets the certificate"
                : entry.Result.Message ?? (row is null ? null : StateOf(row)),
            Refusal = change?.Refusal,
        };
    }

    private string? StateOf(CertificateRecord row) =>
        row.Revoked is { } revoked ? $"its certificate was revoked on {TableTime.Text(revoked.At)}: a new key gets a new certificate"
        : row.Expires < now ? $"its certificate expired on {TableTime.Text(row.Expires)}: a new key gets a new certificate"
        : null;

    // An entry without a name has that of its CSR.
    private static EntryResult Named(EntryResult result, IssueDecision decision) =>
        result.CommonName.Length == 0 && decision.Requested.CommonName is { } name ? result with { CommonName = Excerpt.Of(name) } : result;
}
