using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Ports;

/// <summary>Decides how a row is marked as revoked, from the row as it is; the ledger stores it. Immutable.</summary>
/// <param name="Outcome">The answer of the ledger.</param>
/// <param name="Now">The revocation in the row afterwards; the reservation of the key remembers this reason, too.</param>
public sealed record RevocationMark(RevokeOutcome Outcome, CertificateRevocation Now)
{
    /// <summary>Says whether the row is written at all.</summary>
    public bool ChangesRow => Outcome != RevokeOutcome.RevokedBefore;

    /// <summary>Says whether the event is stored in the outbox: a certificate is revoked once, whatever graver reason comes
    /// later.</summary>
    public bool StoresEvent => Outcome == RevokeOutcome.Revoked;

    /// <summary>Decides from a row (contract 12.20).</summary>
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

/// <summary>Says how marking a row as revoked ended.</summary>
public enum RevokeOutcome
{
    /// <summary>The row is marked now.</summary>
    Revoked,

    /// <summary>It was revoked before, for a less grave reason, which was replaced; the date stays.</summary>
    ReasonReplaced,

    /// <summary>It was revoked before; date and reason stay.</summary>
    RevokedBefore,

    /// <summary>There is no such row.</summary>
    NotFound,
}
