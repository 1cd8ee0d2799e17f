namespace ServerlessCA.Core.Lints;

/// <summary>The signature verifies under the key in the issuer's certificate.</summary>
internal sealed class SignatureLint : ICertificateLint
{
    /// <inheritdoc/>
    public string Clause => "RFC 5280 §4.1.1.3, §6.1.3";

    /// <inheritdoc/>
    public IEnumerable<string> Check(LintSubject subject)
    {
        if (subject.Issuer.PublicKey is not { } key)
        {
            yield return "the issuer's public key is not accepted";
        }
        else if (!subject.Certificate.IsSignedBy(key))
        {
            yield return "signature does not verify under the issuer's key";
        }
    }
}
