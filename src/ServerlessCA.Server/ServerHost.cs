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

/// <summary>Kestrel and nothing else: no configuration from files or variables, which would be a second, unchecked way
/// to set the server up.</summary>
internal static class ServerHost
{
    // Limits of what one caller may ask for; Kestrel's default unless it says why not. All are memory that anybody may have
    // the server take, times the number of connections: what Kestrel reads ahead is bounded by them.
    private const int MaxHeaders = 16 * 1024; // octets; those of AWS SDKs have less than 4 KiB
    private const int ReadAhead = 64 * 1024; // octets
    private const int StreamWindow = 65_535; // octets: what HTTP/2 begins with (RFC 9113 §6.9.2)
    private const int ConnectionWindow = 2 * StreamWindow;
    private const int MaxStreams = 8; // at once on an HTTP/2 connection; clients wait, or open another one
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2); // of callers who are admitted

    /// <summary>Prepares it.</summary>
    /// <param name="server">Where it listens.</param>
    /// <param name="identity">The server's certificate; null: plain HTTP.</param>
    /// <param name="places">Who may connect.</param>
    /// <param name="log">Where faults of Kestrel go.</param>
    public static WebApplicationBuilder Builder(PreparedServer server, IServerIdentity? identity, ConnectionPlaces places, JsonLines log)
    {
        ServerOptions options = server.Options;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(sockets =>
        {
            sockets.CreateBoundListenSocket = _ => server.Socket;
            sockets.MaxReadBufferSize = ReadAhead; // before TLS; the same again of what was in it
        }).ConfigureKestrel(kestrel =>
        {
            Limit(kestrel.Limits, options);
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen, endpoint =>
            {
                endpoint.Use(next => connection => places.RunAsync(connection, next)); // first: TLS is part of it
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
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // why it did not start is thrown, and told once
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

    // Signals are the program's affair: the command line stops the server.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
