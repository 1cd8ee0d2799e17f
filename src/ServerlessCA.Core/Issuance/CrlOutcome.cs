using System.Globalization;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Issuance;

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
