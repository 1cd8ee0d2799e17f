using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServerlessCA.Benchmarks.Peers;

/// <summary>The files of a CA of two tiers with P-256 keys, and of a TLS server, PEM, for programs that do not make them.</summary>
internal sealed class PeerCa
{
    private readonly string folder;

    /// <summary>Makes them in a folder.</summary>
    public PeerCa(string folder)
    {
        this.folder = folder;
        using ECDsa rootKey = Key(), issuingKey = Key(), tlsKey = Key();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        CertificateRequest root = Ca("Root", rootKey, pathLength: 1);
        using X509Certificate2 rootCertificate = root.CreateSelfSigned(now.AddHours(-1), now.AddYears(10));
        using X509Certificate2 issuing = Signed(Ca("Issuing", issuingKey, pathLength: 0), rootCertificate, 2);
        using X509Certificate2 issuer = issuing.CopyWithPrivateKey(issuingKey);
        var tls = new CertificateRequest("CN=127.0.0.1", tlsKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        tls.CertificateExtensions.Add(names.Build());
        using X509Certificate2 server = Signed(tls, issuer, 3);
        File.WriteAllText(Root, rootCertificate.ExportCertificatePem());
        File.WriteAllText(Issuing, issuing.ExportCertificatePem());
        File.WriteAllText(IssuingKey, issuingKey.ExportECPrivateKeyPem());
        File.WriteAllText(Tls, server.ExportCertificatePem());
        File.WriteAllText(TlsKey, tlsKey.ExportECPrivateKeyPem());
    }

    public string Root => Path.Combine(folder, "root.pem");

    public string Issuing => Path.Combine(folder, "issuing.pem");

    public string IssuingKey => Path.Combine(folder, "issuing-key.pem");

    public string Tls => Path.Combine(folder, "tls.pem");

    public string TlsKey => Path.Combine(folder, "tls-key.pem");

    private static ECDsa Key() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CertificateRequest Ca(string name, ECDsa key, int pathLength)
    {
        var request = new CertificateRequest($"CN=Load {name} CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, pathLength, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static X509Certificate2 Signed(CertificateRequest request, X509Certificate2 issuer, byte serial) =>
        request.Create(issuer, DateTimeOffset.UtcNow.AddMinutes(-30), DateTimeOffset.UtcNow.AddYears(5), [serial]);
}
