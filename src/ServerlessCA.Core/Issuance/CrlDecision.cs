using System.Globalization;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Issuance;

/// <summary>Is the decision about publishing the CRL of one CA, made before anything is changed. Immutable.</summary>
/// <param name="Outcome">How it will end, if nobody else publishes meanwhile.</param>
public sealed record CrlDecision(CrlOutcome Outcome)
{
    /// <summary>Gets the decision where there is no CA: there is nothing to publish.</summary>
    internal static CrlDecision OfNoCa { get; } = new(new CrlOutcome(CrlStatus.NoCa, null, 0, 0));

    /// <summary>Gets the CA; null when there is none.</summary>
    public CertificateAuthority? Authority { get; init; }

    /// <summary>Says what becomes of the operator's list; null when there is no CA.</summary>
    public RevocationDecision? List { get; init; }

    /// <summary>Gets the warning of the CA's own end that is due; null when none is. It is sent once, however often it is
    /// decided.</summary>
    public CaExpiryWarning? Warning { get; init; }

    /// <summary>Gets the CRL that relying parties have now; null when it is missing or damaged.</summary>
    public CertificateRevocationList? InPlace { get; init; }

    /// <summary>Gets the next CRL, its entries in the order of a CRL; null when none is published. Its number is the next one
    /// that the ledger gives.</summary>
    public CrlTemplate? Next { get; init; }

    /// <summary>Says whether relying parties have seen no CRL of this CA's key yet.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Lists the rows that are marked from the CRL, since they lost their mark or have a less grave reason (contract
    /// 12.21).</summary>
    public IReadOnlyList<RowMark> Marks { get; init; } = [];

    /// <summary>Says why it is time for the next CRL, or why there is none.</summary>
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

    /// <summary>Lists the entries that the next CRL has and the CRL in place has not.</summary>
    public IEnumerable<CrlEntry> Coming => Next is { } next ? next.Entries.ExceptBy(Serials(InPlace?.Entries()), entry => entry.SerialNumber) : [];

    /// <summary>Lists the entries that the CRL in place has and the next one has not.</summary>
    public IEnumerable<CrlEntry> Leaving =>
        Next is { } next && InPlace is { } before ? before.Entries().ExceptBy(Serials(next.Entries), entry => entry.SerialNumber) : [];

    private static IEnumerable<SerialNumber> Serials(IEnumerable<CrlEntry>? entries) => (entries ?? []).Select(entry => entry.SerialNumber);
}

/// <summary>Says that a row is marked as revoked from the CRL. Immutable.</summary>
/// <param name="Row">The row to mark.</param>
/// <param name="Revocation">What is written into it.</param>
/// <param name="Key">The key whose reservation remembers the revocation; null when the row's certificate cannot be read.</param>
public sealed record RowMark(RowId Row, CertificateRevocation Revocation, ReservedKey? Key);

/// <summary>Says why it is time for the next CRL. All but the last three are reasons to publish one at once.</summary>
public enum CrlCause
{
    /// <summary>The CA has published none yet.</summary>
    First,

    /// <summary>The published CRL is lost, and its copy, too (contract 12.21).</summary>
    Lost,

    /// <summary>The published CRL is missing or damaged; its copy is there.</summary>
    Missing,

    /// <summary>The published one is dated ahead of the clock, and was set aside (contract 12.22).</summary>
    SetAside,

    /// <summary>Entries are added, leave or get a graver reason.</summary>
    Changed,

    /// <summary>Half of the life of the CRL in place is over.</summary>
    Age,

    /// <summary>The next CRL says the same as the one in place, which is fresh. A run publishes it all the same.</summary>
    NotDue,

    /// <summary>None is published: the CRL in place is dated ahead of the clock.</summary>
    Ahead,

    /// <summary>None is published: the CA does not exist.</summary>
    NoCa,
}

/// <summary>Says how publishing a CRL ended. Immutable.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Number">Null when there is no CA.</param>
/// <param name="EntryCount">How many certificates the CRL lists.</param>
/// <param name="NewlyRevoked">How many certificates this run found revoked for the first time.</param>
public sealed record CrlOutcome(CrlStatus Status, long? Number, int EntryCount, int NewlyRevoked)
{
    /// <summary>Gets the days that the CA's certificate is still valid, by date; 0 once it has expired, null when there is no CA or nothing
    /// was carried out.</summary>
    public int? DaysRemaining { get; init; }

    /// <summary>Lists the entries of the operator's list that were not carried out (contract 12.22).</summary>
    public IReadOnlyList<EntryFailure> Failures { get; init; } = [];

    /// <summary>Lists what somebody should know although nothing failed; empty on an ordinary day.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Says why the operator's list could not be read at all; the CRL was published without it.</summary>
    public string? ListFault { get; init; }

    /// <summary>Says what is wrong with the CRL that was published before, and what to do; null when nothing is (contract 12.21,
    /// 12.22).</summary>
    public string? CrlFault { get; init; }

    /// <summary>Says why the ledger could not list all that is revoked; the CRL was published with the entries of the last one
    /// and of the list. Null when it could.</summary>
    public string? LookUpFault { get; init; }

    /// <summary>Lists what is wrong besides single entries of the list; empty when nothing is.</summary>
    public IReadOnlyList<string> Faults => [.. ((string?[])[ListFault, CrlFault, LookUpFault]).OfType<string>()];

    /// <summary>Says whether somebody has to act: the step has failed, whatever was published.</summary>
    public bool Failed => Status == CrlStatus.NoCa || Faults.Count > 0 || Failures.Count > 0;

    /// <summary>Lists what failed, and then the warnings.</summary>
    public IReadOnlyList<string> Problems => [.. Failures.Select(failure => failure.ToString()), .. Warnings];

    /// <summary>Says in a sentence what was done, or what failed and what to do.</summary>
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

/// <summary>Says how publishing a CRL ended.</summary>
public enum CrlStatus
{
    /// <summary>The CRL was published.</summary>
    Published,

    /// <summary>The CA does not exist yet: there is nothing to publish.</summary>
    NoCa,

    /// <summary>The published CRL is dated ahead of the clock, and stays.</summary>
    AheadInPlace,
}
