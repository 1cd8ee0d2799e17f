using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ServerlessCA.Local.Tests.Delivery;

/// <summary>A server's certificate, from a CA of its own.</summary>
internal sealed class ServerCertificate : IDisposable
{
    private readonly X509Certificate2 root;

    /// <param name="name">What it is for; null: 127.0.0.1.</param>
    /// <param name="expired">Whether it was good until half an hour ago.</param>
    public ServerCertificate(string? name = null, bool expired = false)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=Mail Root", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root = rootRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mail", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (name is null)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 alone = request.Create(root, DateTimeOffset.UtcNow.AddHours(-1), expired ? DateTimeOffset.UtcNow.AddMinutes(-30) : DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3]);
        Server = alone.CopyWithPrivateKey(key);
    }

    /// <summary>With its key.</summary>
    public X509Certificate2 Server { get; }

    public string RootPem => root.ExportCertificatePem();

    public void Dispose()
    {
        Server.Dispose();
        root.Dispose();
    }
}
