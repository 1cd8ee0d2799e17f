using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Everything that a deployment publishes: names and media types (contract sections 1 and 12.6).</summary>
public static class PublishedNames
{
    /// <summary>Media type by name of the file.</summary>
    public static IReadOnlyDictionary<string, string> Of(CaNames names)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string ca in (string[])[names.RootCa, names.IssuingCa])
        {
            files[CaNames.CertificateFile(ca)] = MediaTypes.Certificate;
            files[CaNames.DerCertificateFile(ca)] = MediaTypes.Certificate;
            files[CaNames.CrlFile(ca)] = MediaTypes.Crl;
            files[CaNames.CrlPemFile(ca)] = MediaTypes.PemFile;
        }

        files[names.BundleFile] = MediaTypes.PemFile;
        return files;
    }
}

/// <summary>For how long clients and proxies may keep what is published; our decision. Terraform's cache policy for
/// CloudFront (<c>terraform/public-crl.tf</c>) allows no more for a CRL.</summary>
public static class PublishedAge
{
    /// <summary>CRLs: how late a revocation may be seen.</summary>
    public static TimeSpan MaxOfCrl { get; } = TimeSpan.FromMinutes(1);

    /// <summary>CA certificates and the bundle: they change once in years.</summary>
    public static TimeSpan OfCertificate { get; } = TimeSpan.FromHours(1);
}

/// <summary>Media types of published files (contract 12.6).</summary>
internal static class MediaTypes
{
    public const string Certificate = "application/pkix-cert"; // RFC 2585 §4.1

    public const string Crl = "application/pkix-crl"; // RFC 2585 §4.2

    public const string PemFile = "application/x-pem-file";
}
