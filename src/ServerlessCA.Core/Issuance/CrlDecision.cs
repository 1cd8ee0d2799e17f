using System.Globalization;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Issuance;

/// <summary>What publishing the CRL of one CA comes to, decided before anything is changed. Immutable.</summary>
/// <param name="Outcome">How it will end, if nobody else publishes meanwhile.</param>
public sealed record CrlDecision(CrlOutcome Outcome)
{
    /// <summary>Where there is no CA, there is nothing to publish.</summary>
    internal static CrlDecision OfNoCa { get; } = new(new CrlOutcome(CrlStatus.NoCa, null, 0, 0));

    /// <summary>The CA; null when there is none.</summary>
    public CertificateAuthority? Authority { get; init; }

    /// <summary>What becomes of the operator's list; null when there is no CA.</summary>
    public RevocationDecision? List { get; init; }

    /// <summary>The warning of the CA's own end that is due; null when none is. It is sent once, however often it is decided.</summary>
    public CaExpiryWarning? Warning { get; init; }

    /// <summary>What relying parties have now; null when it is missing or damaged.</summary>
    public CertificateRevocationList? InPlace { get; init; }

    /// <summary>What the next CRL says, its entries in the order of a CRL; null when none is published. Its number is the next
    /// one that the ledger gives.</summary>
    public CrlTemplate? Next { get; init; }

    /// <summary>Whether relying parties have seen no CRL of this CA's key yet.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Rows that are marked from the CRL, since they lost their mark or have a less grave reason (contract 12.21).</summary>
    public IReadOnlyList<RowMark> Marks { get; init; } = [];

    /// <summary>Why it is time for the next one, or why there is none.</summary>
    public CrlCause Cause => Outcome.Status switch
    {
        CrlStatus.NoCa => CrlCause.NoCa,
        CrlStatus.AheadInPlace => CrlCause.Ahead,
        _ when Outcome.CrlFault is not null => CrlCause.Lost,
        _ when InPlace is null => IsFirst ? CrlCause.First : CrlCause.Missing,
        _ when CrlRenewal.AgeOf(InPlace, List!.At) == CrlAge.Ahead => CrlCause.SetAside,
        _ when !Next!.Entries.SequenceEqual(InPlace.Entries()) => CrlCause.Changed,
        _ => CrlRenewal.AgeOf(InPlace, List!.At) == CrlAge.Fresh ? CrlCause.NotDue : CrlCause.Age,
    };

    /// <summary>What it will have that the CRL in place has not.</summary>
    public IEnumerable<CrlEntry> Coming => Next is { } next ? next.Entries.ExceptBy(Serials(InPlace?.Entries()), entry => entry.SerialNumber) : [];

    /// <summary>What the CRL in place has and it will not.</summary>
    public IEnumerable<CrlEntry> Leaving =>
        Next is { } next && InPlace is { } before ? before.Entries().ExceptBy(Serials(next.Entries), entry => entry.SerialNumber) : [];

    private static IEnumerable<SerialNumber> Serials(IEnumerable<CrlEntry>? entries) => (entries ?? []).Select(entry => entry.SerialNumber);
}

/// <summary>That a row is marked from the CRL. Immutable.</summary>
/// <param name="Row">Which.</param>
/// <param name="Revocation">What is written into it.</param>
/// <param name="Key">Its key, whose reservation remembers it; null when the row's certificate cannot be read.</param>
public sealed record RowMark(RowId Row, CertificateRevocation Revocation, ReservedKey? Key);

/// <summary>Why it is time for the next CRL. All but the last three are reasons to publish one at once.</summary>
public enum CrlCause
{
    /// <summary>The CA has published none yet.</summary>
    First,

    /// <summary>What was published is lost, and its copy, too (contract 12.21).</summary>
    Lost,

    /// <summary>What was published is missing or damaged; its copy is there.</summary>
    Missing,

    /// <summary>The published one is dated ahead of the clock, and was set aside (contract 12.22).</summary>
    SetAside,

    /// <summary>Entries come, go or have a graver reason.</summary>
    Changed,

    /// <summary>Half of the life of the one in place is over.</summary>
    Age,

    /// <summary>It says what the one in place says, which is fresh. A run publishes it all the same.</summary>
    NotDue,

    /// <summary>None is published: the one in place is dated ahead of the clock.</summary>
    Ahead,

    /// <summary>None is published: the CA does not exist.</summary>
    NoCa,
}

/// <summary>How publishing a CRL ended. Immutable.</summary>
/// <param name="Status">In one word.</param>
/// <param name="Number">The CRL's number; null when there is no CA.</param>
/// <param name="EntryCount">Certificates on it.</param>
/// <param name="NewlyRevoked">Certificates that this run found revoked for the first time.</param>
public sealed record CrlOutcome(CrlStatus Status, long? Number, int EntryCount, int NewlyRevoked)
{
    /// <summary>Entries of the operator's list that were not carried out (contract 12.22).</summary>
    public IReadOnlyList<EntryFailure> Failures { get; init; } = [];

    /// <summary>What somebody should know although nothing failed; empty on an ordinary day.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why the operator's list could not be read at all; the CRL was published without it.</summary>
    public string? ListFault { get; init; }

    /// <summary>What is wrong with the CRL that was published before, and what to do; null when nothing is (contract 12.21, 12.22).</summary>
    public string? CrlFault { get; init; }

    /// <summary>Why the ledger could not be asked for all that is revoked; the CRL was published with what the last one has and
    /// what the list names. Null when it could.</summary>
    public string? LookUpFault { get; init; }

    /// <summary>What is wrong besides entries of the list, one by one; empty when nothing is.</summary>
    public IReadOnlyList<string> Faults => [.. ((string?[])[ListFault, CrlFault, LookUpFault]).OfType<string>()];

    /// <summary>Whether somebody has to act: the step has failed, whatever was published.</summary>
    public bool Failed => Status == CrlStatus.NoCa || Faults.Count > 0 || Failures.Count > 0;

    /// <summary>What failed, one by one, and then the warnings.</summary>
    public IReadOnlyList<string> Problems => [.. Failures.Select(failure => failure.ToString()), .. Warnings];

    /// <summary>What was done, or what failed and what to do, in a sentence.</summary>
    public string Message
    {
        get
        {
            if (Status == CrlStatus.NoCa)
            {
                return "no CRL: the CA does not exist";
            }

            string done = Status == CrlStatus.Published
                ? string.Create(CultureInfo.InvariantCulture, $"CRL {Number} published, {EntryCount} revoked")
                : "no CRL was published";
            string?[] faults =
            [
                .. Faults,
                Failures.Count == 0 ? null : $"{Counted.Entries(Failures.Count)} of {Failures[0].Place.File} failed",
            ];
            return string.Join("; ", faults.Prepend(done).Where(text => text is not null));
        }
    }
}

/// <summary>How publishing a CRL ended.</summary>
public enum CrlStatus
{
    /// <summary>Published.</summary>
    Published,

    /// <summary>The CA does not exist yet: there is nothing to publish.</summary>
    NoCa,

    /// <summary>The published CRL is dated ahead of the clock: it stays.</summary>
    AheadInPlace,
}
