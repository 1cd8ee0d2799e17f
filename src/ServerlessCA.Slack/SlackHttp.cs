using System.Net;
using System.Net.Security;
using ServerlessCA.Core.Trust;

namespace ServerlessCA.Slack;

/// <summary>Makes the HTTP client that calls are sent with.</summary>
public static class SlackHttp
{
    private const int MaxHeaderKilobytes = 32;

    private static readonly ServerTrust Trust = new("a proxy may end TLS here: add its CA to those that this system trusts");

    /// <summary>Describes why a call had no answer, in plain words if TLS failed.</summary>
    public static string WhyNot(Exception fault) =>
        fault is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? TlsFault.Of(fault).Text : fault.Message;

    /// <summary>Makes a client that follows no redirects (the token is for one host), stores no cookies, and leaves timeouts to
    /// <see cref="SlackClient"/>. It uses the proxies of the environment.</summary>
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
