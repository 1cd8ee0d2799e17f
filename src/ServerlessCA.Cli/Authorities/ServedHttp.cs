using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using ServerlessCA.Core;

namespace ServerlessCA.Cli.Authorities;

/// <summary>Makes the HTTP clients for served CAs. They use the proxies of the environment (<c>https_proxy</c>, <c>no_proxy</c>), but
/// for a CA on this machine none.</summary>
internal static class ServedHttp
{
    private const int IdleSeconds = 60; // our decision: gateways forget connections that are silent for some minutes, such as during a run
    private const int ProbeSeconds = 10; // our decision
    private const int Probes = 6; // our decision: a minute without any sign of life

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10); // our decision
    private static readonly TimeSpan ContinueTimeout = TimeSpan.FromSeconds(10); // our decision: then a large body is sent unasked

    /// <summary>Makes one that follows no redirects and stores no cookies; nothing is sent yet.</summary>
    /// <param name="address">The address of the served CA.</param>
    /// <param name="tls">The options of TLS connections.</param>
    /// <param name="timeout">How long an answer may take.</param>
    /// <param name="maxOctets">How long an answer may be, octets.</param>
    /// <param name="connected">Gets each TLS connection once it stands; null: nobody wants to know.</param>
    public static HttpClient Create(
        Uri address, SslClientAuthenticationOptions tls, TimeSpan timeout, int maxOctets, Action<SslStream>? connected = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !address.IsLoopback, // a proxy would get the token in the clear, and has another loopback
            ConnectTimeout = ConnectTimeout,
            ConnectCallback = ConnectAsync,
            Expect100ContinueTimeout = ContinueTimeout,
            SslOptions = tls,
        };
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

        var http = new HttpClient(new ConnectTimeoutHandler(handler, ConnectTimeout)) { Timeout = timeout, MaxResponseContentBufferSize = maxOctets };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(Product.UserAgent);
        return http;
    }

    /// <summary>Makes one that shows the credentials of the caller with each request.</summary>
    /// <param name="address">The address of the served CA.</param>
    /// <param name="access">The credentials, and what is trusted.</param>
    /// <param name="timeout">How long an answer may take.</param>
    /// <param name="maxOctets">How long an answer may be, octets.</param>
    /// <param name="connected">Gets each TLS connection once it stands; null: nobody wants to know.</param>
    /// <exception cref="CommandFault">A file for the access is not valid, the token would be sent in the clear, or a certificate would
    /// not be shown.</exception>
    public static HttpClient Open(Uri address, ServedAccess access, TimeSpan timeout, int maxOctets, Action<SslStream>? connected = null)
    {
        string? token = access.ReadToken();
        if (token is not null && address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            throw CommandFault.Usage($"'{address}': the token would be sent in the clear", "write https://, or leave the token out");
        }

        if (access.CertificateFile is not null && address.Scheme == Uri.UriSchemeHttp)
        {
            throw CommandFault.Usage($"'{address}': a client certificate is shown over TLS alone", "write https://, or leave --client-cert out");
        }

        HttpClient http = Create(address, access.Tls(), timeout, maxOctets, connected);
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>Makes the socket of a connection. The system checks a silent one, so that a long answer is neither forgotten on the way
    /// nor waited for when the server is gone.</summary>
    public static Socket NewSocket()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        return socket;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Socket socket = NewSocket();
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Reports that no connection was made in time as what it is, a request that was never sent: the platform reports it as
/// a cancellation, as when an answer is late or somebody stops the program.</summary>
internal sealed class ConnectTimeoutHandler(HttpMessageHandler inner, TimeSpan timeout) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException fault) when (fault.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError, string.Create(CultureInfo.InvariantCulture, $"there was no connection within {timeout.TotalSeconds:0} seconds"));
        }
    }
}
