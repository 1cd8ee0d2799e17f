using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Certificates;

/// <summary>Decides what the self-signed certificate of the root CA says (contract section 6).</summary>
public static class RootCertificate
{
    /// <summary>Fills in the template.</summary>
    /// <param name="serial">Fresh from the serial source.</param>
    /// <param name="subjectDer">The root's name, DER.</param>
    /// <param name="key">The root's key.</param>
    /// <param name="now">UTC; fractions of a second are cut off.</param>
    /// <param name="lifetimeDays">Days, at least 1.</param>
    /// <param name="pathLength">How many CA certificates may follow below; null: any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A lifetime below 1 or a negative path length.</exception>
    public static CertificateTemplate Template(
        SerialNumber serial, ReadOnlyMemory<byte> subjectDer, PublicKey key, DateTimeOffset now, int lifetimeDays, int? pathLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetimeDays, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(pathLength ?? 0, nameof(pathLength));
        DateTimeOffset start = TableTime.WholeSeconds(now);
        return new()
        {
            Kind = CertificateKind.Root,
            SerialNumber = serial,
            IssuerDer = subjectDer,
            NotBefore = Backdating.Of(start),
            NotAfter = X509Time.AddDays(start, lifetimeDays),
            SubjectDer = subjectDer,
            SubjectKey = key,
            Extensions =
            [
                StandardExtensions.KeyUsage(KeyUsages.DigitalSignature | KeyUsages.KeyCertSign | KeyUsages.CrlSign),
                StandardExtensions.CaBasicConstraints(pathLength),
                StandardExtensions.SubjectKeyIdentifier(key.KeyIdentifier),
                StandardExtensions.AuthorityKeyIdentifier(key.KeyIdentifier),
            ],
        };
    }
}

/// <summary>Decides what the certificate of the issuing CA says (contract section 6).</summary>
public static class IssuingCertificate
{
    /// <summary>Fills in the template. The certificate begins and ends within the life of its issuer (contract 12.10,
    /// 12.28).</summary>
    /// <param name="serial">Fresh from the serial source.</param>
    /// <param name="root">The root's certificate, valid now.</param>
    /// <param name="subjectDer">The issuing CA's name, DER.</param>
    /// <param name="key">The issuing CA's key.</param>
    /// <param name="now">UTC; fractions of a second are cut off.</param>
    /// <param name="lifetimeDays">Days, at least 1.</param>
    /// <param name="pathLength">How many CA certificates may follow below; null: any number.</param>
    /// <param name="rootPoint">Where the root's CRL and certificate are published; null when they are not.</param>
    /// <param name="constraints">The names that certificates below may have; null or empty: any, without an extension.</param>
    /// <exception cref="ArgumentOutOfRangeException">A lifetime below 1 or a negative path length.</exception>
    /// <exception cref="ArgumentException">The root is not valid now.</exception>
    public static CertificateTemplate Template(
        SerialNumber serial, Certificate root, ReadOnlyMemory<byte> subjectDer, PublicKey key, DateTimeOffset now,
        int lifetimeDays, int? pathLength, PublicationPoint? rootPoint, NameConstraints? constraints = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetimeDays, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(pathLength ?? 0, nameof(pathLength));
        DateTimeOffset start = TableTime.WholeSeconds(now);
        IssuerLife.ThrowUnlessValid(root, start);
        return new()
        {
            Kind = CertificateKind.Issuing,
            SerialNumber = serial,
            IssuerDer = root.SubjectDer,
            NotBefore = X509Time.Later(Backdating.Of(start), root.NotBefore),
            NotAfter = X509Time.Earlier(X509Time.AddDays(start, lifetimeDays), root.NotAfter),
            SubjectDer = subjectDer,
            SubjectKey = key,
            Extensions =
            [
                StandardExtensions.SubjectKeyIdentifier(key.KeyIdentifier),
                StandardExtensions.AuthorityKeyIdentifier(root.IssuerKeyIdentifier()),
                StandardExtensions.KeyUsage(KeyUsages.DigitalSignature | KeyUsages.KeyCertSign | KeyUsages.CrlSign),
                StandardExtensions.CaBasicConstraints(pathLength),
                .. constraints is null or { IsEmpty: true } ? [] : new[] { constraints.ToExtension() },
                .. rootPoint is null ? [] : new[]
                {
                    StandardExtensions.CrlDistributionPoint(rootPoint),
                    StandardExtensions.CaIssuers(rootPoint),
                },
            ],
        };
    }
}
