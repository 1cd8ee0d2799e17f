using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCA.Server.Lambda;
using ServerlessCA.Server.Limits;
using ServerlessCA.Server.Logging;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server;

/// <summary>Builds the Kestrel host. It reads no configuration from files or variables, which would be a second,
/// unchecked way to set the server up.</summary>
internal static class ServerHost
{
    // Limits of one caller; Kestrel's default unless it says why not. Each is memory that any caller can make the
    // server take, times the number of connections: they bound what Kestrel reads ahead.
    private const int MaxHeaders = 16 * 1024; // octets; those of AWS SDKs have less than 4 KiB
    private const int ReadAhead = 64 * 1024; // octets
    private const int StreamWindow = 65_535; // octets: the initial window of HTTP/2 (RFC 9113 §6.9.2)
    private const int ConnectionWindow = 2 * StreamWindow;
    private const int MaxStreams = 8; // at once on an HTTP/2 connection; clients wait, or open another one
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2); // for callers who are admitted

    /// <summary>Prepares the host.</summary>
    /// <param name="server">The server's options and its socket.</param>
    /// <param name="identity">The server's certificate; null: plain HTTP.</param>
    /// <param name="places">Limits the connections.</param>
    /// <param name="log">Gets faults of Kestrel.</param>
    public static WebApplicationBuilder Builder(PreparedServer server, IServerIdentity? identity, ConnectionPlaces places, JsonLineLogger log)
    {
        ServerOptions options = server.Options;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(sockets =>
        {
            sockets.CreateBoundListenSocket = _ => server.Socket;
            sockets.MaxReadBufferSize = ReadAhead; // before TLS; as much again holds the decrypted bytes
        }).ConfigureKestrel(kestrel =>
        {
            Limit(kestrel.Limits, options);
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen, endpoint =>
            {
                endpoint.Use(next => connection => places.RunAsync(connection, next)); // first, so that TLS counts, too
                if (identity is not null)
                {
                    endpoint.UseHttps(TlsHandshake.Options(identity, options.Access.Clients.Count > 0, options.HeadersTimeout));
                }
            });
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(new BlockPool());
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Error)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // a failed start is thrown, and reported once
        return builder;
    }

    private static void Limit(KestrelServerLimits limits, ServerOptions options)
    {
        limits.MaxRequestHeadersTotalSize = MaxHeaders;
        limits.MaxRequestBufferSize = ReadAhead;
        limits.Http2.MaxStreamsPerConnection = MaxStreams;
        limits.Http2.InitialStreamWindowSize = StreamWindow;
        limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
        limits.MaxRequestBodySize = InvokeEndpoint.MaxSynchronous;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.KeepAliveTimeout = IdleTimeout;
    }

    // The command line handles signals and stops the server.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
