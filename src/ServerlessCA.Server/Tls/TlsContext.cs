using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ServerlessCA.Server.Tls;

/// <summary>Makes what TLS wants of a certificate.</summary>
internal static class TlsContext
{
    /// <summary>A certificate with its key, and the certificates to send along.</summary>
    public static SslStreamCertificateContext Of(X509Certificate2 certificate, X509Certificate2Collection issuers)
    {
        if (OperatingSystem.IsWindows())
        {
            // SChannel uses no key that lives in memory alone.
            using X509Certificate2 inMemory = certificate;
            certificate = X509CertificateLoader.LoadPkcs12(inMemory.Export(X509ContentType.Pkcs12), password: null);
        }

        // Offline: nothing is fetched from addresses in certificates.
        return SslStreamCertificateContext.Create(certificate, issuers, offline: true);
    }
}
