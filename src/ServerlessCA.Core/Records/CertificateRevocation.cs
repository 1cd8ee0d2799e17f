namespace ServerlessCA.Core.Records;

/// <summary>That a certificate is revoked. Immutable.</summary>
/// <param name="At">UTC, whole seconds: when the CA first saw the revocation.</param>
/// <param name="Reason">Why.</param>
public sealed record CertificateRevocation(DateTimeOffset At, RevocationReason Reason = RevocationReason.Unspecified);
