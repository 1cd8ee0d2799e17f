using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Issuance;

/// <summary>Holds the outcome of a revocation in the ledger. Immutable.</summary>
/// <param name="Row">The row of the certificate.</param>
/// <param name="Revocation">The date and the reason of the revocation.</param>
/// <param name="Outcome">What was changed; the date of an earlier revocation stays.</param>
/// <param name="Crl">The CRL that names it; null when none does.</param>
/// <param name="Warnings">What somebody should know, in sentences without their end.</param>
public sealed record RevokedCertificate(
    RowId Row, CertificateRevocation Revocation, RevokeOutcome Outcome, NamingCrl? Crl, IReadOnlyList<string> Warnings);

/// <summary>Says which published CRL names a certificate. Immutable.</summary>
/// <param name="File">Where the CRL is: the name of the published file, or its path on the machine of the CA.</param>
/// <param name="Number">The number of the CRL.</param>
public sealed record NamingCrl(string File, long Number);
