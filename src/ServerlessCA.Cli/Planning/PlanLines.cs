using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Planning;

/// <summary>One line of a plan, whatever it is written as. Immutable.</summary>
/// <param name="Place">Where it stands; null: in no file.</param>
/// <param name="Name">Of whose certificate.</param>
/// <param name="Plan">What would be done, in a word or two.</param>
/// <param name="Messages">Why, and what somebody should know; the first is the reason.</param>
internal sealed record PlanLine(ListPlace? Place, string Name, Cell Plan, IReadOnlyList<string> Messages)
{
    /// <summary>Decimal serial number of the certificate that there is; null: there is none.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>UTC: when that, or the one to be issued, expires.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether it is shown without being asked for: it does something, or somebody should look at it.</summary>
    public bool IsNews { get; init; } = true;

    /// <summary>Where it stands, for people; empty: in no file.</summary>
    public string Where => Place?.Reference ?? "";
}

/// <summary>What a plan says, line by line: the one place that has the words.</summary>
internal static class PlanLines
{
    /// <summary>What is to know of an entry that was changed.</summary>
    public const string Unchanged = "nothing is done about it until a new CSR with a new key, or force_issue, asks for another certificate";

    /// <summary>Returns the lines of the entries of <c>tls.json</c>, then those of certificates that no entry names any more.</summary>
    public static IReadOnlyList<PlanLine> OfEntries(Plan plan) => [.. plan.Entries.Select(Of), .. plan.Vanished.Rows.Select(Vanished), .. MoreVanished(plan.Vanished)];

    /// <summary>Returns the lines of the entries of the lists of revocations.</summary>
    public static IReadOnlyList<PlanLine> OfRevocations(Plan plan) => [.. plan.Revocations.Select(Of)];

    /// <summary>Describes a verdict in a word or two.</summary>
    public static Cell WordOf(PlannedVerdict verdict) => verdict switch
    {
        PlannedVerdict.Issue => new("issue", Tone.Good),
        PlannedVerdict.AlreadyIssued => new("already issued", Tone.Faint),
        PlannedVerdict.Changed => new("changed", Tone.Warning),
        PlannedVerdict.Refuse => new("refuse", Tone.Warning),
        _ => new("fail", Tone.Bad),
    };

    /// <summary>What somebody should know of an entry besides its verdict.</summary>
    public static IEnumerable<string> RemarksOf(PlannedEntry entry) => entry.Verdict switch
    {
        PlannedVerdict.Changed => ((string?[])
        [
            .. ChangesOf(entry).Select(difference => difference.ToString()),
            entry.Refusal is { } why ? $"as it stands now it would be refused: {why.Message}" : null,
            Unchanged,
            entry.Remark,
            .. entry.Warnings,
        ]).OfType<string>(),
        PlannedVerdict.Issue => ((string?[])[FollowsOf(entry), .. entry.Warnings, .. entry.Findings.Select(TextOf)]).OfType<string>(),
        PlannedVerdict.AlreadyIssued => ((string?[])[entry.Remark, .. entry.Warnings]).OfType<string>(),
        _ => entry.Result.Message is { } reason ? entry.Warnings.Prepend(reason) : entry.Warnings,
    };

    private static string TextOf(PreIssuanceFinding finding) =>
        $"lint {finding.Lint.Id} ({LintPolicy.NameOf(finding.Lint.Severity)}, {finding.Lint.Clause}): {finding.Message}";

    private static IEnumerable<CertificateDifference> ChangesOf(PlannedEntry entry) =>
        entry.Differences.Where(difference => difference.Cause == DifferenceCause.Entry);

    // Who approves a renewal sees what else has changed with it; that the key has is the point of it.
    private static string? FollowsOf(PlannedEntry entry)
    {
        if (entry.Present is not { } present)
        {
            return null;
        }

        string[] others = [.. ChangesOf(entry).Where(difference => difference.What != CertificateDifference.Key).Select(difference => difference.ToString())];
        string differs = others.Length == 0 ? "" : $"; otherwise than there, {string.Join("; ", others)}";
        return $"follows serial number {present.SerialNumber}, which stays good until {TableTime.Text(present.Expires)}{differs}";
    }

    private static PlanLine Of(PlannedEntry entry) => new(
        entry.Place,
        entry.Result.CommonName.Length > 0 ? entry.Result.CommonName : $"(entry {entry.Place.Position})",
        WordOf(entry.Verdict),
        [.. RemarksOf(entry)])
    {
        SerialNumber = entry.Result.SerialNumber?.ToString(),
        Expires = entry.Result.Expires,
        IsNews = entry.Verdict != PlannedVerdict.AlreadyIssued || entry.Remark is not null || entry.Warnings.Count > 0,
    };

    private static PlanLine Of(PlannedRevocation revocation) => new(
        revocation.Place,
        revocation.Row?.CommonName ?? (revocation.Entry.CommonName.Length > 0 ? revocation.Entry.CommonName : $"(entry {revocation.Place.Position})"),
        WordOf(revocation),
        [.. revocation.Failures, .. ((string?[])[revocation.Decision?.Warning, UnjudgedOf(revocation)]).OfType<string>()])
    {
        SerialNumber = revocation.Decision?.SerialNumber.ToString() ?? revocation.Entry.SerialNumber,
        Expires = revocation.Decision?.Expires,
        IsNews = revocation.Fails || revocation.Changes || revocation.IsUnjudged || revocation.Decision?.Warning is not null,
    };

    private static string? UnjudgedOf(PlannedRevocation revocation) =>
        revocation.IsUnjudged ? "no CA was asked whether there is such a certificate" : null;

    private static Cell WordOf(PlannedRevocation revocation) => revocation switch
    {
        { IsUnjudged: true } => new("not known", Tone.Faint),
        { Decision: null or { Verdict: ListedVerdict.Impossible } } => new("cannot be revoked", Tone.Bad),
        { Fails: true } => new("fail", Tone.Bad),
        _ => revocation.Decision!.Verdict switch
        {
            ListedVerdict.New => new("revoke", Tone.Good),
            ListedVerdict.Restored => new("mark again", Tone.Good),
            ListedVerdict.Graver => new("revoke more gravely", Tone.Good),
            ListedVerdict.Unrecorded => new("put on the CRL", Tone.Good),
            ListedVerdict.OnCrl => new("on the CRL", Tone.Faint),
            ListedVerdict.Ended => new("has ended", Tone.Faint),
            _ => new("already revoked", Tone.Faint),
        },
    };

    private static PlanLine Vanished(CertificateRecord row) => new(
        null, row.CommonName, new Cell("vanished", Tone.Warning), ["no entry names it; it stays good until it expires, or revoked.json lists it"])
    {
        SerialNumber = row.SerialNumber.ToString(),
        Expires = row.Expires,
    };

    private static IEnumerable<PlanLine> MoreVanished(VanishedEntries vanished) =>
        vanished.Fault is { } fault ? [new PlanLine(null, "", new Cell("not known", Tone.Warning), [$"which certificates no entry names any more: {fault}"])]
        : vanished.More > 0 ? [new PlanLine(null, "", new Cell("vanished", Tone.Warning), [$"and {vanished.More} more"])]
        : [];
}
