using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>One readable entry of <c>revoked.json</c> or <c>revoked-root-ca.json</c>. Immutable.</summary>
/// <param name="CommonName">Exactly as in the table.</param>
/// <param name="SerialNumber">Of the certificate to revoke.</param>
/// <param name="Reason">Unspecified when none is given.</param>
public sealed record RevocationEntry(string CommonName, SerialNumber SerialNumber, RevocationReason Reason);
