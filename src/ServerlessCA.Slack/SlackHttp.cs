using System.Net;
using System.Net.Security;
using ServerlessCA.Core.Trust;

namespace ServerlessCA.Slack;

/// <summary>The HTTP connection that calls go out by.</summary>
public static class SlackHttp
{
    private const int MaxHeaderKilobytes = 32;

    private static readonly ServerTrust Trust = new("a proxy may end TLS here: add its CA to those that this system trusts");

    /// <summary>What to say of a call that had no answer: in plain words where TLS was not agreed on.</summary>
    public static string WhyNot(Exception fault) =>
        fault is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? TlsFault.Of(fault).Text : fault.Message;

    /// <summary>A client that follows no redirect (the token is for one host), keeps no cookies, and leaves timeouts to
    /// <see cref="SlackClient"/>. Proxies of the environment are used.</summary>
    public static HttpClient Create() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        SslOptions =
        {
            RemoteCertificateValidationCallback = (connection, certificate, chain, errors) => Trust.Accepts(
                errors == SslPolicyErrors.None, errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch), certificate, chain, ((SslStream)connection).TargetHostName),
        },
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // addresses change while a server runs
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
