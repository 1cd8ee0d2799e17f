using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Cli.Revoking;

/// <summary>A certificate that is revoked in the ledger. Immutable.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Revocation">Since when and why.</param>
/// <param name="Outcome">What this command changed: a certificate that was revoked before keeps its date.</param>
/// <param name="Crl">The CRL that names it; null when none does.</param>
/// <param name="Warnings">What somebody should know.</param>
internal sealed record RevokedNow(
    CertificateRecord Row, CertificateRevocation Revocation, RevokeOutcome Outcome, NamingCrl? Crl, IReadOnlyList<string> Warnings);

/// <summary>A published CRL that names a certificate. Immutable.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Number">Its number.</param>
internal sealed record NamingCrl(string File, long Number);
