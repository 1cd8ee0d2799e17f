using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>One revoked certificate on a CRL. Immutable.</summary>
/// <param name="SerialNumber">Which certificate of the CRL's issuer.</param>
/// <param name="RevokedAt">UTC, whole seconds.</param>
/// <param name="Reason">Why.</param>
public sealed record CrlEntry(SerialNumber SerialNumber, DateTimeOffset RevokedAt, RevocationReason Reason);
