using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>One revoked certificate on a CRL. Immutable, and no object of its own: a CRL may have millions.</summary>
/// <param name="SerialNumber">Which certificate of the CRL's issuer.</param>
/// <param name="RevokedAt">UTC, whole seconds.</param>
/// <param name="Reason">Why.</param>
public readonly record struct CrlEntry(SerialNumber SerialNumber, DateTimeOffset RevokedAt, RevocationReason Reason);
