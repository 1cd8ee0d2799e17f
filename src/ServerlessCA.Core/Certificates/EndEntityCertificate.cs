using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Certificates;

/// <summary>Decides what an end entity's certificate says (contract section 6).</summary>
public static class EndEntityCertificate
{
    /// <summary>Fills in the template. The certificate begins and ends within the life of its issuer (contract 12.10,
    /// 12.28).</summary>
    /// <param name="serial">Fresh from the serial source.</param>
    /// <param name="issuer">The issuing CA's certificate, valid now.</param>
    /// <param name="request">The request, which no rule has refused.</param>
    /// <param name="subject">The name and key of the certificate.</param>
    /// <param name="settings">What the CA grants, and where the issuer's CRL and certificate are published.</param>
    /// <param name="now">UTC; fractions of a second are cut off.</param>
    /// <exception cref="ArgumentOutOfRangeException">A lifetime below 1.</exception>
    /// <exception cref="ArgumentException">The issuer is not valid now, or an OID is not one.</exception>
    public static CertificateTemplate Template(
        SerialNumber serial, Certificate issuer, CertificateRequest request, RequestedSubject subject, CaSettings settings, DateTimeOffset now)
    {
        int days = RequestRules.DaysOf(request, settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1, nameof(request));
        DateTimeOffset start = TableTime.WholeSeconds(now);
        IssuerLife.ThrowUnlessValid(issuer, start);
        return new()
        {
            Kind = CertificateKind.EndEntity,
            SerialNumber = serial,
            IssuerDer = issuer.SubjectDer,
            NotBefore = X509Time.Later(Backdating.Of(start), issuer.NotBefore),
            NotAfter = X509Time.Earlier(X509Time.AddDays(start, days), issuer.NotAfter),
            SubjectDer = subject.Name.Der,
            SubjectKey = subject.Key,
            Extensions = [.. Extensions(issuer, request, subject, settings)],
            AllowsOcspSigning = settings.AllowOcspSigning,
        };
    }

    /// <summary>Returns the key usage that fits a key (contract 12.5): only RSA can encipher keys (RFC 8813 §3, RFC 8410 §5,
    /// RFC 9881 §5).</summary>
    public static KeyUsages KeyUsageOf(PublicKey key) => key.Algorithm == PublicKeyAlgorithm.Rsa
        ? KeyUsages.DigitalSignature | KeyUsages.KeyEncipherment
        : KeyUsages.DigitalSignature;

    private static IEnumerable<CertificateExtension> Extensions(
        Certificate issuer, CertificateRequest request, RequestedSubject subject, CaSettings settings)
    {
        yield return StandardExtensions.KeyUsage(KeyUsageOf(subject.Key));
        yield return StandardExtensions.ExtendedKeyUsage(request.Usages);
        if (settings.CertificatePolicies.Count > 0)
        {
            yield return StandardExtensions.CertificatePolicies(settings.CertificatePolicies);
        }

        yield return StandardExtensions.SubjectKeyIdentifier(subject.Key.KeyIdentifier);
        yield return StandardExtensions.AuthorityKeyIdentifier(issuer.IssuerKeyIdentifier());
        foreach (CertificateExtension custom in ExtensionRules.Granted(request, settings))
        {
            yield return custom;
        }

        if (request.SansFor(subject.Name.CommonName, settings.SingleLabelNames) is { Count: > 0 } names)
        {
            // Not critical: the subject is never empty (RFC 5280 §4.2.1.6).
            yield return new CertificateExtension(ExtensionOids.SubjectAlternativeName, Critical: false, SubjectAlternativeName.Encode(names));
        }

        if (settings.PublicDomain is { } domain)
        {
            var point = new PublicationPoint(domain, settings.Names.IssuingCa);
            yield return StandardExtensions.CrlDistributionPoint(point);
            yield return StandardExtensions.CaIssuers(point);
        }
    }
}
