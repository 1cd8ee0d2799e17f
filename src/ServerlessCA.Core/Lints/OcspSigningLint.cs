using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Lints;

/// <summary>No certificate may answer for the CA who is revoked, unless the operator allows it.</summary>
internal sealed class OcspSigningLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "contract 12.20, RFC 6960 §4.2.2.2";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        if (subject.Certificate.ExtendedKeyUsages.Contains(ExtendedKeyUsage.OcspSigning) && !subject.Template.AllowsOcspSigning)
        {
            yield return "the usage OCSP_SIGNING is not allowed";
        }
    }
}
