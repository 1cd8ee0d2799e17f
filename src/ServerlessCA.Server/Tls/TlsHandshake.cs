using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ServerlessCA.Server.Tls;

/// <summary>Configures the server's TLS handshake.</summary>
internal static class TlsHandshake
{
    // An ephemeral key exchange and an AEAD cipher (RFC 9325 §4.2); of the others HTTP/2 forbids all (RFC 9113, appendix A).
    private static readonly TlsCipherSuite[] Suites =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    // On Windows and macOS the system's own policy decides.
    private static readonly CipherSuitesPolicy? Policy = OperatingSystem.IsLinux() ? new CipherSuitesPolicy(Suites) : null;

    /// <summary>Returns the options for Kestrel.</summary>
    /// <param name="identity">The identity whose certificate is shown.</param>
    /// <param name="requestsCertificate">Whether clients are asked for a certificate. Clients without one are admitted,
    /// too, if they have a token.</param>
    /// <param name="timeout">The timeout of the handshake.</param>
    public static TlsHandshakeCallbackOptions Options(IServerIdentity identity, bool requestsCertificate, TimeSpan timeout) => new()
    {
        HandshakeTimeout = timeout,
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = identity.Current,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CipherSuitesPolicy = Policy,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            ClientCertificateRequired = requestsCertificate,

            // TLS proves that the caller has the key. Whether the certificate admits is checked against the ledger at
            // every request (Access/Authenticator): a revocation counts at once, and the answer can say why.
#pragma warning disable CA5359 // it is not a server's certificate, and is checked later
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            CertificateChainPolicy = new X509ChainPolicy
            {
                DisableCertificateDownloads = true, // a stranger's certificate must not make us download from its addresses
                RevocationMode = X509RevocationMode.NoCheck,
                TrustMode = X509ChainTrustMode.CustomRootTrust,
            },
        }),
    };
}

/// <summary>The certificate that the server shows, with its key and chain. It may change while the server
/// runs.</summary>
internal interface IServerIdentity
{
    /// <summary>The certificate for new connections.</summary>
    SslStreamCertificateContext Current { get; }

    /// <summary>Replaces the certificate if that is due.</summary>
    /// <exception cref="TlsUnusableException">The certificate cannot be replaced; the old one stays.</exception>
    Task RefreshAsync(CancellationToken cancellation);
}

/// <summary>Makes the form of a certificate that TLS needs.</summary>
internal static class TlsContext
{
    /// <summary>Combines a certificate with its key, and with the certificates to send along.</summary>
    public static SslStreamCertificateContext Of(X509Certificate2 certificate, X509Certificate2Collection issuers)
    {
        if (OperatingSystem.IsWindows())
        {
            // SChannel cannot use a key that is only in memory.
            using X509Certificate2 inMemory = certificate;
            certificate = X509CertificateLoader.LoadPkcs12(inMemory.Export(X509ContentType.Pkcs12), password: null);
        }

        // Offline: nothing is downloaded from addresses in certificates.
        return SslStreamCertificateContext.Create(certificate, issuers, offline: true);
    }
}
