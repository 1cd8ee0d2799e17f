using System.Net.Http.Headers;
using System.Net.Security;
using ServerlessCA.Core;

namespace ServerlessCA.Cli.Authorities;

/// <summary>Makes the HTTP clients for served CAs.</summary>
internal static class ServedHttp
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10); // our decision

    /// <summary>Makes one that follows no redirects and stores no cookies; nothing is sent yet.</summary>
    /// <param name="tls">The options of TLS connections.</param>
    /// <param name="timeout">How long an answer may take.</param>
    /// <param name="maxOctets">How long an answer may be, octets.</param>
    /// <param name="connected">Gets each TLS connection once it stands; null: nobody wants to know.</param>
    public static HttpClient Create(SslClientAuthenticationOptions tls, TimeSpan timeout, int maxOctets, Action<SslStream>? connected = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectTimeout, SslOptions = tls };
        if (connected is not null)
        {
            handler.PlaintextStreamFilter = (connection, _) =>
            {
                if (connection.PlaintextStream is SslStream stream)
                {
                    connected(stream);
                }

                return ValueTask.FromResult(connection.PlaintextStream);
            };
        }

        var http = new HttpClient(handler) { Timeout = timeout, MaxResponseContentBufferSize = maxOctets };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(Product.UserAgent);
        return http;
    }

    /// <summary>Makes one that shows the credentials of the caller with each request.</summary>
    /// <param name="address">The address of the served CA.</param>
    /// <param name="access">The credentials, and what is trusted.</param>
    /// <param name="timeout">How long an answer may take.</param>
    /// <param name="maxOctets">How long an answer may be, octets.</param>
    /// <param name="connected">Gets each TLS connection once it stands; null: nobody wants to know.</param>
    /// <exception cref="CommandFault">A file for the access is not valid, or the token would be sent in the clear.</exception>
    public static HttpClient Open(Uri address, ServedAccess access, TimeSpan timeout, int maxOctets, Action<SslStream>? connected = null)
    {
        string? token = access.ReadToken();
        if (token is not null && address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            throw CommandFault.Usage($"'{address}': the token would be sent in the clear", "write https://, or leave the token out");
        }

        HttpClient http = Create(access.Tls(), timeout, maxOctets, connected);
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return http;
    }
}
