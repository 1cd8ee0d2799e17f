using System.Text.Json.Nodes;
using CsCheck;
using ServerlessCA.Contracts;
using ServerlessCA.Contracts.Faults;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;

namespace ServerlessCA.Core.Tests.Histories;

/// <summary>Is an authority to which things happen, with what a reader of its ledger cannot know of them.</summary>
internal sealed class History
{
    public const string ForeignName = "foreign.example.test";

    private static readonly int[] Lifetimes = [1, 2, 8, 16, 31, 60];
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.Zero, TimeSpan.FromMilliseconds(3_600_500), TimeSpan.FromHours(9), TimeSpan.FromDays(1), TimeSpan.FromDays(6.7), TimeSpan.FromDays(33),
    ];

    private readonly JsonArray entries = [];
    private readonly JsonArray listed = [];
    private int tokens;

    public History()
    {
        Authority = TestAuthority.WithoutCas();
        Authority.Internal.With("csrs/broken.csr", "no CSR");
        var revoked = new CertificateRevocation(Some.Time, RevocationReason.KeyCompromise);
        Authority.Ledger.Plant(Some.Record(ForeignName) with { Revoked = revoked, NotifyExpiry = false });
    }

    public TestAuthority Authority { get; }

    /// <summary>Lists the end-entity rows of this authority.</summary>
    public IEnumerable<CertificateRecord> Rows => Authority.Issued.Where(row => row.CommonName != ForeignName);

    /// <summary>Says whether the last step was a pipeline that did all that it could.</summary>
    public bool RanWell { get; private set; }

    /// <summary>Counts the direct requests that were refused.</summary>
    public int DirectRefusals { get; private set; }

    /// <summary>Lists common name and reason of entries that were refused.</summary>
    public HashSet<(string CommonName, string Reason)> RefusedEntries { get; } = [];

    /// <summary>Lists serial numbers on the revocation list that no certificate has.</summary>
    public HashSet<string> UnknownListed { get; } = [];

    /// <summary>Lists entries as they ever stood in the file.</summary>
    public HashSet<string> EverListed { get; } = [];

    /// <summary>Lists serial numbers of certificates for which a used key was allowed.</summary>
    public HashSet<SerialNumber> Forced { get; } = [];

    public async Task DoAsync(HistoryStep step)
    {
        RanWell = false;
        HashSet<SerialNumber> before = [.. Rows.Select(row => row.SerialNumber)];
        await (step.Kind switch
        {
            StepKind.Run => RunAsync(Disturbed(step)),
            StepKind.Issue => IssueAsync(step),
            StepKind.AddEntry => Now(() => AddEntry(step)),
            StepKind.ListRevoked => Now(() => ListRevoked(step)),
            StepKind.ListUnknown => Now(() => ListUnknown($"{step.Pick + 1}")),
            StepKind.RevokeNow => RevokeAsync(step),
            _ => Now(() => Authority.Clock.Advance(Waits[step.Size])),
        });
        Forced.UnionWith(Rows.Where(row => !before.Contains(row.SerialNumber) && IsForced(step, row)).Select(row => row.SerialNumber));
    }

    private bool IsForced(HistoryStep step, CertificateRecord row) => step.Kind == StepKind.Issue
        ? step.Force
        : entries.Any(entry => entry!["common_name"]!.GetValue<string>() == row.CommonName && entry["force_issue"] is not null);

    private Deployment Disturbed(HistoryStep step) =>
        step.Fault == StepFault.Mute ? Authority.Deployment with { Notifier = new MuteNotifier() }
        : step.Plan() is { } plan ? Authority.Failing(plan)
        : Authority.Deployment;

    private async Task RunAsync(Deployment deployment)
    {
        PipelineReport report = await new RunPipeline(deployment).RunAsync(CancellationToken.None);
        RanWell = !report.Steps.Any(HasFailed) && !report.Entries.Any(entry => entry.Status == EntryStatus.Failed);
        RefusedEntries.UnionWith(report.Entries
            .Where(entry => entry.Status == EntryStatus.Refused).Select(entry => (entry.CommonName, entry.Message!)));
    }

    // Entries that cannot be carried out fail their step on every run; everything else was done (contract 12.22).
    private bool HasFailed(StepResult step) => step.Status == StepStatus.Failed
        && !(step.Step == CaFunction.IssuingCaCrl && step.Message.StartsWith("CRL", StringComparison.Ordinal)
            && step.Problems.Count == UnknownListed.Count && step.Problems.All(problem => problem.Contains("'nobody.example.test'", StringComparison.Ordinal)));

    // A caller without an answer repeats the call with the same token, as the documentation says.
    private async Task IssueAsync(HistoryStep step)
    {
        var more = new JsonObject
        {
            ["lifetime"] = Lifetimes[step.Size], ["notify_issued"] = true, ["notify_expiry"] = true, ["force_issue"] = step.Force,
            ["idempotency_token"] = $"token {tokens++}",
        };
        JsonObject request = SomeRequests.Direct($"direct{step.Pick % 4}.example.test", HistoryKeys.Csr(step.Key), more);
        IssueOutcome? outcome = null;
        await TriedAsync(async () => outcome = await TestAuthority.IssueAsync(Disturbed(step), request));
        outcome ??= await Authority.IssueAsync(request);
        DirectRefusals += outcome is IssueOutcome.Refused ? 1 : 0;
    }

    private void AddEntry(HistoryStep step)
    {
        string file = step.Pick == 0 ? "broken.csr" : $"{step.Key}.csr";
        Authority.Internal.With($"csrs/{step.Key}.csr", HistoryKeys.Csr(step.Key));
        JsonObject entry = SomeRequests.Entry($"entry{step.Pick % 4}.example.test", file, new JsonObject { ["lifetime"] = Lifetimes[step.Size] });
        if (step.Force)
        {
            entry["force_issue"] = true;
        }

        if (EverListed.Add(entry.ToJsonString()))
        {
            entries.Add((JsonNode)entry);
            Authority.Internal.With("tls.json", entries.ToJsonString());
        }
    }

    private void ListRevoked(HistoryStep step)
    {
        if (Picked(step) is { } row)
        {
            List(row.CommonName, row.SerialNumber.ToString());
        }
    }

    private void ListUnknown(string serialNumber)
    {
        UnknownListed.Add(serialNumber);
        List("nobody.example.test", serialNumber);
    }

    private void List(string commonName, string serialNumber)
    {
        listed.Add((JsonNode)new JsonObject { ["common_name"] = commonName, ["serial_number"] = serialNumber, ["reason"] = "superseded" });
        Authority.Internal.With("revoked.json", listed.ToJsonString());
    }

    private async Task RevokeAsync(HistoryStep step)
    {
        RowId row = Picked(step) is { } known ? new(known.CommonName, known.SerialNumber) : new("nobody.example.test", SerialNumber.Of(1));
        await TriedAsync(() => new RevokeCertificate(Disturbed(step)).RunAsync(row, RevocationReason.KeyCompromise, CancellationToken.None));
    }

    private CertificateRecord? Picked(HistoryStep step)
    {
        CertificateRecord[] rows = [.. Rows.OrderByDescending(row => row.Issued)];
        return rows.Length == 0 ? null : rows[step.Pick % rows.Length];
    }

    private static async Task TriedAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            // The step failed, as planned: the history goes on.
        }
    }

    private static Task Now(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private sealed class MuteNotifier : INotifier
    {
        public Task DeliverAsync(Core.Notifications.Notification notification, CancellationToken cancellation) =>
            throw new NotDeliveredException("nobody listens");
    }
}

/// <summary>Names what happens to an authority.</summary>
internal enum StepKind
{
    Run,
    Issue,
    AddEntry,
    ListRevoked,
    ListUnknown,
    RevokeNow,
    Wait,
}

/// <summary>Says how one step of a history is disturbed.</summary>
internal enum StepFault
{
    None,
    Mute,
    WriteLost,
    WriteDoneButReportedLost,
    ReadFailed,
}

/// <summary>Is one step of a history. What the numbers mean depends on the kind.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Pick">The certificate, name or entry.</param>
/// <param name="Key">One of the shared keys.</param>
/// <param name="Size">The lifetime, or how long to wait.</param>
/// <param name="Force">Whether a used key is allowed.</param>
/// <param name="Fault">How the step fails.</param>
/// <param name="Nth">The number of the call that fails.</param>
internal sealed record HistoryStep(StepKind Kind, int Pick, int Key, int Size, bool Force, StepFault Fault, int Nth)
{
    /// <summary>Draws steps as often as they make a history interesting.</summary>
    public static Gen<HistoryStep> Random { get; } = Gen.Select(
        Weighted((4, StepKind.Run), (3, StepKind.Issue), (2, StepKind.AddEntry), (2, StepKind.ListRevoked), (1, StepKind.ListUnknown), (2, StepKind.RevokeNow), (4, StepKind.Wait)),
        Gen.Int[0, 11],
        Gen.Int[0, HistoryKeys.Count - 1],
        Gen.Int[0, 5],
        Weighted((4, false), (1, true)),
        Weighted((6, StepFault.None), (1, StepFault.Mute), (1, StepFault.WriteLost), (1, StepFault.WriteDoneButReportedLost), (1, StepFault.ReadFailed)),
        Gen.Int[1, 16],
        (kind, pick, key, size, force, fault, nth) => new HistoryStep(kind, pick, key, size, force, fault, nth));

    /// <summary>Returns the plan that fails the call; null when none fails.</summary>
    public FaultPlan? Plan() => Fault switch
    {
        StepFault.WriteLost => new FaultPlan(Contracts.Faults.Fault.WriteLost, Nth),
        StepFault.WriteDoneButReportedLost => new FaultPlan(Contracts.Faults.Fault.WriteDoneButReportedLost, Nth),
        StepFault.ReadFailed => new FaultPlan(Contracts.Faults.Fault.ReadFailed, Nth),
        _ => null,
    };

    private static Gen<T> Weighted<T>(params (int Weight, T Value)[] choices)
    {
        T[] all = [.. choices.SelectMany(choice => Enumerable.Repeat(choice.Value, choice.Weight))];
        return Gen.Int[0, all.Length - 1].Select(index => all[index]);
    }
}

/// <summary>Makes CSRs of a few keys that all histories share, so that keys meet again and making them costs nothing.</summary>
internal static class HistoryKeys
{
    public const int Count = 10;

    private static readonly string[] Csrs = [.. Enumerable.Range(0, Count).Select(_ => SomeRequests.Csr("CN=history.example.test"))];

    public static string Csr(int number) => Csrs[number];
}
