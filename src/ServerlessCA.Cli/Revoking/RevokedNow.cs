using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Revoking;

/// <summary>A certificate that is revoked in the ledger. Immutable.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Revocation">Since when and why.</param>
/// <param name="Before">It was revoked before this command; date and reason stayed.</param>
/// <param name="Crl">The CRL that names it; null when none does.</param>
/// <param name="Warnings">What somebody should know.</param>
internal sealed record RevokedNow(
    CertificateRecord Row, CertificateRevocation Revocation, bool Before, NamingCrl? Crl, IReadOnlyList<string> Warnings);

/// <summary>A published CRL that names a certificate. Immutable.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Number">Its number.</param>
internal sealed record NamingCrl(string File, long Number);
