using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServerlessCA.Fuzzing.Targets;

/// <summary>Makes a certificate and a CRL to begin with, by the platform.</summary>
internal static class SomeDer
{
    private const int CrlEntry = 40; // octets, with a reason

    /// <summary>Makes a small one of each.</summary>
    public static IEnumerable<byte[]> All() => Make(["a.example.test"], [[1, 2, 3]]);

    /// <summary>Makes one of each that is about as long as is said: of many names, and of many entries.</summary>
    public static IEnumerable<byte[]> Large(int length) => Make(
        Enumerable.Repeat("a.example.test", length / 16),
        Enumerable.Range(0, length / CrlEntry).Select(at => new byte[] { 1, (byte)(at >> 16), (byte)(at >> 8), (byte)at }));

    private static IEnumerable<byte[]> Make(IEnumerable<string> hosts, IEnumerable<byte[]> serials)
    {
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = [.. Enumerable.Range(1, 32).Select(octet => (byte)octet)] });
        var request = new CertificateRequest("CN=ca,O=Fuzz", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 1, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var names = new SubjectAlternativeNameBuilder();
        foreach (string host in hosts)
        {
            names.AddDnsName(host);
        }

        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using X509Certificate2 ca = request.CreateSelfSigned(start, start.AddDays(365));
        var crl = new CertificateRevocationListBuilder();
        foreach (byte[] serial in serials)
        {
            crl.AddEntry(serial, start, X509RevocationReason.KeyCompromise);
        }

        return [ca.RawData, crl.Build(ca, 7, start.AddDays(7), HashAlgorithmName.SHA256)];
    }
}
