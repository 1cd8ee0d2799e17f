namespace ServerlessCA.Core.Issuance;

/// <summary>How publishing a CRL ended. Immutable.</summary>
/// <param name="Status">In one word.</param>
/// <param name="Number">The CRL's number; null when there is no CA.</param>
/// <param name="EntryCount">Certificates on it.</param>
/// <param name="NewlyRevoked">Certificates that this run found revoked for the first time.</param>
/// <param name="Problems">What was skipped, and why; empty on an ordinary day.</param>
/// <param name="ListFault">Why the operator's list could not be read at all; the CRL was published without it.</param>
public sealed record CrlOutcome(
    CrlStatus Status, long? Number, int EntryCount, int NewlyRevoked, IReadOnlyList<string> Problems, string? ListFault);

/// <summary>How publishing a CRL ended.</summary>
public enum CrlStatus
{
    /// <summary>Published.</summary>
    Published,

    /// <summary>The CA does not exist yet: there is nothing to publish.</summary>
    NoCa,

    /// <summary>A newer CRL is in place: it stays.</summary>
    NewerInPlace,
}
