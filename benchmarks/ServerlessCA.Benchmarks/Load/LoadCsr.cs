using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServerlessCA.Benchmarks.Load;

/// <summary>A CSR of a new P-256 key, for a host that has no certificate yet. Immutable.</summary>
/// <param name="Name">The host, common name and only alternative name.</param>
/// <param name="Pem">The CSR.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, DER.</param>
internal sealed record LoadCsr(string Name, string Pem, byte[] PublicKey)
{
    private static int number;

    public static LoadCsr Make()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"host{Interlocked.Increment(ref number)}.example.com");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return new LoadCsr(name, request.CreateSigningRequestPem(), key.ExportSubjectPublicKeyInfo());
    }
}
