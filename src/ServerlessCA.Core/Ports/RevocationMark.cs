using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Ports;

/// <summary>What marking a row as revoked comes to, decided from the row as it is: the ledger stores it. Immutable.</summary>
/// <param name="Outcome">What the ledger answers.</param>
/// <param name="Now">What stands in the row afterwards; the reservation of the key remembers this reason, too.</param>
public sealed record RevocationMark(RevokeOutcome Outcome, CertificateRevocation Now)
{
    /// <summary>Whether the row is written at all.</summary>
    public bool ChangesRow => Outcome != RevokeOutcome.RevokedBefore;

    /// <summary>Whether the event is kept: a certificate is revoked once, whatever graver reason comes later.</summary>
    public bool KeepsEvent => Outcome == RevokeOutcome.Revoked;

    /// <summary>Decides (contract 12.20).</summary>
    /// <param name="row">The row as it is.</param>
    /// <param name="requested">Since when, and why.</param>
    public static RevocationMark Of(CertificateRecord row, CertificateRevocation requested)
    {
        CertificateRevocation now = (requested with { At = TableTime.WholeSeconds(requested.At) }).After(row.Revoked);
        return new RevocationMark(
            row.Revoked is null ? RevokeOutcome.Revoked
                : now != row.Revoked ? RevokeOutcome.ReasonReplaced
                : RevokeOutcome.RevokedBefore,
            now);
    }
}

/// <summary>How marking a row as revoked ended.</summary>
public enum RevokeOutcome
{
    /// <summary>Marked now.</summary>
    Revoked,

    /// <summary>It was revoked before, for a less grave reason, which was replaced; the date stays.</summary>
    ReasonReplaced,

    /// <summary>It was revoked before; date and reason stay.</summary>
    RevokedBefore,

    /// <summary>There is no such row.</summary>
    NotFound,
}
