using System.Net;

namespace ServerlessCA.Slack;

/// <summary>The HTTP connection that calls go out by.</summary>
public static class SlackHttp
{
    private const int MaxHeaderKilobytes = 32;

    /// <summary>A client that follows no redirect (the token is for one host), keeps no cookies, and leaves timeouts to
    /// <see cref="SlackClient"/>. Proxies of the environment are used.</summary>
    public static HttpClient Create() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // addresses change while a server runs
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
