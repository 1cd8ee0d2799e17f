using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Core.Records;

/// <summary>That a certificate is revoked. Immutable.</summary>
/// <param name="At">UTC, whole seconds: when the CA first saw the revocation.</param>
/// <param name="Reason">Why.</param>
public sealed record CertificateRevocation(DateTimeOffset At, RevocationReason Reason = RevocationReason.Unspecified)
{
    /// <summary>What stands in a row that is revoked once more: the first date and the gravest reason (contract 12.20).</summary>
    /// <param name="before">What stood there; null when the row was not revoked.</param>
    public CertificateRevocation After(CertificateRevocation? before) =>
        before is null || !RevocationReasons.IsGraver(Reason, before.Reason) ? before ?? this : before with { Reason = Reason };
}
