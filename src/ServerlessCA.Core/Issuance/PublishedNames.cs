using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Lists everything that a deployment publishes: names and media types (contract sections 1 and 12.6).</summary>
public static class PublishedNames
{
    /// <summary>Returns the media type of each file, by name.</summary>
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

/// <summary>Says for how long clients and proxies may cache what is published; our decision. Terraform's cache policy for
/// CloudFront (<c>terraform/public-crl.tf</c>) allows no more for a CRL.</summary>
public static class PublishedAge
{
    /// <summary>Gets the longest time for CRLs: a revocation is seen late by so much.</summary>
    public static TimeSpan MaxOfCrl { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets the time for CA certificates and the bundle, which change once in years.</summary>
    public static TimeSpan OfCertificate { get; } = TimeSpan.FromHours(1);
}

/// <summary>Names the media types of published files (contract 12.6).</summary>
internal static class MediaTypes
{
    public const string Certificate = "application/pkix-cert"; // RFC 2585 §4.1

    public const string Crl = "application/pkix-crl"; // RFC 2585 §4.2

    public const string PemFile = "application/x-pem-file";

    public const string Pkcs7 = "application/x-pkcs7-certificates"; // as browsers know .p7b
}
