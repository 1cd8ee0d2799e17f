using System.Net.Security;

namespace ServerlessCA.Server.Tls;

/// <summary>The certificate that the server shows, with its key and chain. It may change while the server runs.</summary>
internal interface IServerIdentity
{
    /// <summary>The one for new connections.</summary>
    SslStreamCertificateContext Current { get; }

    /// <summary>Replaces it if that is due.</summary>
    /// <exception cref="TlsUnusableException">It cannot be replaced; the old one stays.</exception>
    Task RefreshAsync(CancellationToken cancellation);
}
