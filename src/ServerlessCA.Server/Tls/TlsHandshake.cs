using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ServerlessCA.Server.Tls;

/// <summary>How the server agrees on TLS.</summary>
internal static class TlsHandshake
{
    /// <summary>For Kestrel.</summary>
    /// <param name="identity">Whose certificate is shown.</param>
    /// <param name="asksClients">Ask clients for a certificate; one without may come all the same, with a token.</param>
    /// <param name="timeout">How long it may take.</param>
    public static TlsHandshakeCallbackOptions Options(IServerIdentity identity, bool asksClients, TimeSpan timeout) => new()
    {
        HandshakeTimeout = timeout,
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = identity.Current,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            ClientCertificateRequired = asksClients,

            // TLS shows that the caller has the key; whether the certificate admits is asked of the ledger at every
            // request (Access/Authenticator): a revocation counts at once, and the answer can say why.
#pragma warning disable CA5359 // no server's certificate, and looked at later
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            CertificateChainPolicy = new X509ChainPolicy
            {
                DisableCertificateDownloads = true, // a stranger's certificate must not make us download addresses
                RevocationMode = X509RevocationMode.NoCheck,
                TrustMode = X509ChainTrustMode.CustomRootTrust,
            },
        }),
    };
}

/// <summary>The certificate that the server shows, with its key and chain. It may change while the server runs.</summary>
internal interface IServerIdentity
{
    /// <summary>The one for new connections.</summary>
    SslStreamCertificateContext Current { get; }

    /// <summary>Replaces it if that is due.</summary>
    /// <exception cref="TlsUnusableException">It cannot be replaced; the old one stays.</exception>
    Task RefreshAsync(CancellationToken cancellation);
}

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
