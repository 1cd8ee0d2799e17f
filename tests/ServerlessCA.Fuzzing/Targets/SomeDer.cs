using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServerlessCA.Fuzzing.Targets;

/// <summary>Makes a certificate and a CRL to begin with, by the platform.</summary>
internal static class SomeDer
{
    /// <summary>Makes them.</summary>
    public static IEnumerable<byte[]> All()
    {
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = [.. Enumerable.Range(1, 32).Select(octet => (byte)octet)] });
        var request = new CertificateRequest("CN=ca,O=Fuzz", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 1, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("a.example.test");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using X509Certificate2 ca = request.CreateSelfSigned(start, start.AddDays(365));
        var crl = new CertificateRevocationListBuilder();
        crl.AddEntry([1, 2, 3], start, X509RevocationReason.KeyCompromise);
        return [ca.RawData, crl.Build(ca, 7, start.AddDays(7), HashAlgorithmName.SHA256)];
    }
}
