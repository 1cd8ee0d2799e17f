namespace ServerlessCA.Core.Issuance;

/// <summary>For how long clients and proxies may keep what is published; our decision. Terraform's cache policy for
/// CloudFront (<c>terraform/public-crl.tf</c>) allows no more for a CRL.</summary>
public static class PublishedAge
{
    /// <summary>CRLs: how late a revocation may be seen.</summary>
    public static TimeSpan MaxOfCrl { get; } = TimeSpan.FromMinutes(1);

    /// <summary>CA certificates and the bundle: they change once in years.</summary>
    public static TimeSpan OfCertificate { get; } = TimeSpan.FromHours(1);
}
