using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Certificates;

/// <summary>What an end entity's certificate says (SPEC section 6).</summary>
public static class EndEntityCertificate
{
    /// <summary>Fills in the template. It begins and ends within the life of its issuer (SPEC 12.10, 12.28).</summary>
    /// <param name="serial">Fresh from the serial source.</param>
    /// <param name="issuer">The issuing CA's certificate, valid now.</param>
    /// <param name="contents">What the request wants.</param>
    /// <param name="now">UTC; fractions of a second are cut.</param>
    /// <param name="issuerPoint">Where the issuer's CRL and certificate are public; null when they are not.</param>
    /// <exception cref="ArgumentOutOfRangeException">A lifetime below 1.</exception>
    /// <exception cref="ArgumentException">The issuer is not valid now, or an OID is not one.</exception>
    public static CertificateTemplate Template(
        SerialNumber serial, Certificate issuer, EndEntityContents contents, DateTimeOffset now, PublicationPoint? issuerPoint)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contents.LifetimeDays, 1);
        DateTimeOffset start = TableTime.WholeSeconds(now);
        IssuerLife.ThrowUnlessValid(issuer, start);
        return new()
        {
            Kind = CertificateKind.EndEntity,
            SerialNumber = serial,
            IssuerDer = issuer.SubjectDer,
            NotBefore = X509Time.Later(Backdating.Of(start), issuer.NotBefore),
            NotAfter = X509Time.Earlier(X509Time.AddDays(start, contents.LifetimeDays), issuer.NotAfter),
            SubjectDer = contents.SubjectDer,
            SubjectKey = contents.SubjectKey,
            Extensions = [.. Extensions(issuer, contents, issuerPoint)],
            AllowsOcspSigning = contents.AllowsOcspSigning,
        };
    }

    /// <summary>The key usage that fits a key (SPEC 12.5): only RSA can encipher keys (RFC 8813 §3, RFC 8410 §5, RFC 9881 §5).</summary>
    public static KeyUsages KeyUsageOf(PublicKey key) => key.Algorithm == PublicKeyAlgorithm.Rsa
        ? KeyUsages.DigitalSignature | KeyUsages.KeyEncipherment
        : KeyUsages.DigitalSignature;

    private static IEnumerable<CertificateExtension> Extensions(
        Certificate issuer, EndEntityContents contents, PublicationPoint? issuerPoint)
    {
        yield return StandardExtensions.KeyUsage(KeyUsageOf(contents.SubjectKey));
        yield return StandardExtensions.ExtendedKeyUsage(contents.ExtendedKeyUsages);
        if (contents.Policies.Count > 0)
        {
            yield return StandardExtensions.CertificatePolicies(contents.Policies);
        }

        yield return StandardExtensions.SubjectKeyIdentifier(contents.SubjectKey.KeyIdentifier);
        yield return StandardExtensions.AuthorityKeyIdentifier(issuer.IssuerKeyIdentifier());
        foreach (CertificateExtension custom in contents.CustomExtensions)
        {
            yield return custom;
        }

        if (contents.SubjectAlternativeName is { } names)
        {
            // Not critical: the subject is never empty (RFC 5280 §4.2.1.6).
            yield return new CertificateExtension(ExtensionOids.SubjectAlternativeName, Critical: false, names);
        }

        if (issuerPoint is not null)
        {
            yield return StandardExtensions.CrlDistributionPoint(issuerPoint);
            yield return StandardExtensions.CaIssuers(issuerPoint);
        }
    }
}
