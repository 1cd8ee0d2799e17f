using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Pipeline;

/// <summary>Says what a run over a GitOps folder would do now. Made by <see cref="PlanRun"/> of the very decisions that
/// <see cref="RunPipeline"/> carries out; nothing was changed. Immutable.</summary>
public sealed record Plan
{
    /// <summary>UTC: when it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets the steps of the run, in order: whether each would do something, nothing, or fail.</summary>
    public required IReadOnlyList<StepResult> Steps { get; init; }

    /// <summary>Gets the steps that would fail for another reason than entries that cannot be carried out.</summary>
    public required IReadOnlyList<StepResult> FaultySteps { get; init; }

    /// <summary>Gets the entries of <c>tls.json</c>, in order.</summary>
    public required IReadOnlyList<PlannedEntry> Entries { get; init; }

    /// <summary>Gets the entries of the lists of revocations, in order.</summary>
    public required IReadOnlyList<PlannedRevocation> Revocations { get; init; }

    /// <summary>Gets certificates that nobody asks for any more: they stay good.</summary>
    public required VanishedEntries Vanished { get; init; }

    /// <summary>Gets what goes out about certificates that expire; null when the step does not run, or failed.</summary>
    public ReminderDecision? Reminders { get; init; }

    /// <summary>Gets the names of the CAs that do not exist yet. Certificates under them are shown with stand-ins of the
    /// CAs' keys, so that key identifiers and signature will be others.</summary>
    public required IReadOnlyList<string> StandIns { get; init; }

    /// <summary>Gets whether something could not be carried out: an entry, a revocation, a step. The run would end with a fault.</summary>
    public bool Fails => Steps.Any(step => step.Status == StepStatus.Failed)
        || Count(PlannedVerdict.Fail) > 0 || Revocations.Any(revocation => revocation.Fails);

    /// <summary>Gets whether an entry would be refused.</summary>
    public bool Refuses => Count(PlannedVerdict.Refuse) > 0;

    /// <summary>Gets whether the run would make, issue or revoke something. A run always publishes CRLs and sends the reminders that
    /// are due: that is no change.</summary>
    public bool Changes => StandIns.Count > 0 || Count(PlannedVerdict.Issue) > 0 || Revocations.Any(revocation => revocation.Changes);

    /// <summary>Counts the entries of a verdict.</summary>
    public int Count(PlannedVerdict verdict) => Entries.Count(entry => entry.Verdict == verdict);
}

/// <summary>Says where an entry stands. Immutable.</summary>
/// <param name="File">The list, such as <c>tls.json</c>.</param>
/// <param name="Position">From 1.</param>
/// <param name="Line">The line on which it begins, from 1; null when it cannot be told.</param>
public sealed record PlannedPlace(string File, int Position, int? Line);

/// <summary>Says what would become of an entry of <c>tls.json</c>. Immutable.</summary>
public sealed record PlannedEntry
{
    /// <summary>Gets where it stands.</summary>
    public required PlannedPlace Place { get; init; }

    /// <summary>Gets what would become of it.</summary>
    public required PlannedVerdict Verdict { get; init; }

    /// <summary>Gets what the run would report. The serial number of a certificate that is to be issued is drawn when it
    /// is signed, and none stands here.</summary>
    public required EntryResult Result { get; init; }

    /// <summary>Gets the decision; null when the entry cannot be read as a request, or what decides of it could not be read.</summary>
    public IssueDecision? Decision { get; init; }

    /// <summary>Gets the row of the certificate that there is today: the entry's own, or, when one is to be issued, the newest of
    /// its name that is not revoked; null when there is none.</summary>
    public CertificateRecord? Present { get; init; }

    /// <summary>Gets the certificate to be issued, or that the entry would give now, without a signature and with a stand-in of
    /// its serial number; null when there is none.</summary>
    public Certificate? Certificate { get; init; }

    /// <summary>Lists what the lints find in a certificate that is to be issued, notices included (contract 12.31).</summary>
    public IReadOnlyList<PreIssuanceFinding> Findings { get; init; } = [];

    /// <summary>Gets what somebody should know of the request besides <see cref="Findings"/>. Of an entry that has its certificate what is wrong with the entry itself: what
    /// was left out of the CSR is old news.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Gets what differs between <see cref="Present"/> and <see cref="Certificate"/>.</summary>
    public IReadOnlyList<CertificateDifference> Differences { get; init; } = [];

    /// <summary>Gets why an entry that has its certificate would be refused as it stands now; null when it would not.</summary>
    public Rejection? Refusal { get; init; }

    /// <summary>Gets what somebody should know of the certificate that is there, such as that it was revoked; null: nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>Gets whether it has a certificate to show: one that would be issued, or that a changed entry would give.</summary>
    public bool ShowsCertificate => Certificate is not null && Verdict is PlannedVerdict.Issue or PlannedVerdict.Changed;

    /// <summary>Gets the bytes that are signed, DER TBSCertificate, with the largest serial number in place of the one that is
    /// drawn; null when nothing is issued.</summary>
    public byte[]? TbsDer => Decision is IssueDecision.Issue issue && Verdict == PlannedVerdict.Issue ? issue.TbsOf(SerialNumber.Largest) : null;
}

/// <summary>Says what would become of an entry of <c>tls.json</c>, in one word.</summary>
public enum PlannedVerdict
{
    /// <summary>A certificate is issued.</summary>
    Issue,

    /// <summary>It has its certificate: nothing is done.</summary>
    AlreadyIssued,

    /// <summary>It has its certificate, which says something else than the entry: nothing is done until a new CSR with a new key,
    /// or <c>force_issue</c>, asks for another one.</summary>
    Changed,

    /// <summary>It is refused: somebody has to change the entry or the CSR.</summary>
    Refuse,

    /// <summary>It cannot be carried out: something cannot be read.</summary>
    Fail,
}

/// <summary>Says what would become of an entry of a list of revocations. Immutable.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Entry">The entry as messages name it.</param>
public sealed record PlannedRevocation(PlannedPlace Place, EntryPlace Entry)
{
    /// <summary>Gets the decision; null when nobody can read the entry.</summary>
    public ListedDecision? Decision { get; init; }

    /// <summary>Gets why it would fail, all of it; nothing when it is carried out.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>Gets whether no CA was asked which certificate it means.</summary>
    public bool IsUnjudged { get; init; }

    /// <summary>Gets the row of the certificate that it hits; null when there is none.</summary>
    public CertificateRecord? Row => Decision?.Row;

    /// <summary>Gets whether something about it could not be carried out.</summary>
    public bool Fails => Failures.Count > 0;

    /// <summary>Gets whether it changes what is revoked.</summary>
    public bool Changes => Decision?.Verdict is ListedVerdict.New or ListedVerdict.Restored or ListedVerdict.Graver or ListedVerdict.Unrecorded;
}

/// <summary>Lists certificates that are good and that no entry names any more: who removed or renamed an entry may have meant to
/// revoke them. Immutable.</summary>
/// <param name="Rows">The first of them, by expiry.</param>
/// <param name="More">How many there are besides.</param>
/// <param name="Fault">Why nobody can tell; null when it could be told.</param>
public sealed record VanishedEntries(IReadOnlyList<CertificateRecord> Rows, int More, string? Fault)
{
    /// <summary>Gets that nothing vanished, or that nobody looked for it.</summary>
    public static VanishedEntries None { get; } = new([], 0, null);
}
