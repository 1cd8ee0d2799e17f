using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.Lints;

/// <summary>A finished certificate and what it must agree with. Immutable.</summary>
/// <param name="Template">What was to be signed.</param>
/// <param name="Certificate">What came out, parsed again.</param>
/// <param name="Issuer">The issuer's certificate; for a root the certificate itself.</param>
/// <param name="Algorithm">How the issuer's key signs.</param>
internal sealed record LintSubject(
    CertificateTemplate Template, Certificate Certificate, Certificate Issuer, SignatureAlgorithm Algorithm)
{
    /// <summary>Whether the certificate must be that of a CA.</summary>
    public bool MustBeCa => Template.Kind != CertificateKind.EndEntity;
}
