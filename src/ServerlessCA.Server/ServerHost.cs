using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServerlessCA.Server.Lambda;
using ServerlessCA.Server.Logging;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server;

/// <summary>Kestrel and nothing else: no configuration from files or variables, which would be a second, unchecked way
/// to set the server up.</summary>
internal static class ServerHost
{
    // Limits of what one caller may ask for; Kestrel's default unless it says why not.
    private const int MaxConnections = 1000;
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Prepares it.</summary>
    /// <param name="options">Where it listens.</param>
    /// <param name="identity">The server's certificate; null: plain HTTP.</param>
    /// <param name="log">Where faults of Kestrel go.</param>
    public static WebApplicationBuilder Builder(ServerOptions options, IServerIdentity? identity, JsonLines log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel.Limits, options);
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Listen, endpoint =>
            {
                if (identity is not null)
                {
                    endpoint.UseHttps(TlsHandshake.Options(identity, options.Access.Clients.Count > 0, options.HeadersPatience));
                }
            });
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Error)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // why it did not start is thrown, and told once
        return builder;
    }

    private static void Limit(KestrelServerLimits limits, ServerOptions options)
    {
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxRequestBodySize = InvokeEndpoint.MaxSynchronous;
        limits.RequestHeadersTimeout = options.HeadersPatience;
        limits.KeepAliveTimeout = IdleTimeout;
    }

    // Signals are the program's affair: the command line stops the server.
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
