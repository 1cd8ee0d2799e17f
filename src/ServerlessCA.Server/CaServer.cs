using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Api;
using ServerlessCA.Server.Files;
using ServerlessCA.Server.Health;
using ServerlessCA.Server.Http;
using ServerlessCA.Server.Lambda;
using ServerlessCA.Server.Limits;
using ServerlessCA.Server.Logging;
using ServerlessCA.Server.Metrics;
using ServerlessCA.Server.Schedule;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server;

/// <summary>Serves a CA over HTTP: the Lambda API for its functions, its published files and its health. It also does
/// the daily work. It runs until it is disposed.</summary>
public sealed class CaServer : IAsyncDisposable
{
    private const int MaxCalls = 16; // at once, for each processor; our decision: most of them wait for the disk, and share what it costs
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(30); // our decision: the longest delay of work that is due
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1); // our decision: the longest delay until a silent connection is ended

    private readonly WebApplication app;
    private readonly Stack<IAsyncDisposable> parts;
    private readonly ServerOptions options;
    private readonly ILogger log;

    private CaServer(WebApplication app, Stack<IAsyncDisposable> parts, ServerOptions options, ILogger log)
    {
        this.app = app;
        this.parts = parts;
        this.options = options;
        this.log = log;
        Url = UrlOf(app);
    }

    /// <summary>The address that it listens on, such as <c>http://127.0.0.1:8443</c>.</summary>
    public string Url { get; }

    /// <summary>All routes, as they are mapped: method and path.</summary>
    internal IEnumerable<(string Method, string Path)> Routes =>
        from endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        select (method, endpoint.RoutePattern.RawText!);

    /// <summary>Runs the pipeline, then starts the server.</summary>
    /// <param name="prepared">The server's options and its socket.</param>
    /// <param name="ca">The CA to serve.</param>
    /// <param name="deliver">Delivers waiting notifications; called again and again.</param>
    /// <param name="logLines">Gets the log, one JSON object a line.</param>
    /// <param name="cancellation">Cancels the start.</param>
    /// <param name="queued">Returns when each event was queued that <paramref name="deliver"/> has not delivered, UTC; null: there
    /// is no queue.</param>
    /// <exception cref="TlsUnusableException">The CA issues no certificate for the server.</exception>
    /// <exception cref="InvalidSettingsException">Callers cannot be bound to their policies.</exception>
    public static async Task<CaServer> StartAsync(
        PreparedServer prepared, Deployment ca, Func<CancellationToken, Task> deliver, TextWriter logLines, CancellationToken cancellation,
        Func<IReadOnlyCollection<DateTimeOffset>>? queued = null)
    {
        ServerOptions options = prepared.Options;
        if (options.Access.WhyNotBound(ca.Settings.RequestPolicies) is { } unbound)
        {
            throw new InvalidSettingsException(unbound);
        }

        var metrics = new ServerMetrics();
        ca = ca with { Actor = ServerActor.Schedule, Ledger = new CountingLedger(ca.Ledger, metrics) };
        var lines = new JsonLineLogger(logLines, ca.Clock);
        ILogger log = lines.CreateLogger(nameof(CaServer));
        var daily = new DailyWork(ca, Schedule.Schedule.Of(ca.Settings, options.RunEvery), metrics, log);
        await daily.RunAsync(cancellation);
        IServerIdentity? identity = options.Tls is TlsSource.OwnCertificate own
            ? await OwnIdentity.CreateAsync(own.Names, ca, log, cancellation)
            : prepared.Files;

        var parts = new Stack<IAsyncDisposable>();
        var places = new ConnectionPlaces(
            new ConnectionLimits(options.MaxConnections, options.ConnectionsPerAddress, options.HeadersTimeout), ca.Clock, log);
        (metrics.Connections, metrics.ConnectionsLimit) = (() => places.Count, options.MaxConnections);
        WebApplication app = ServerHost.Builder(prepared, identity, places, lines).Build();
        parts.Push(app);
        try
        {
            Compose(app, options, ca, identity, parts, metrics, queued ?? (() => []), log);
            await app.StartAsync(cancellation);
        }
        catch
        {
            await DisposeAsync(parts);
            throw;
        }

        parts.Push(new PeriodicWork("daily work", daily.RunDueAsync, CheckEvery, ca.Clock, log));
        parts.Push(new PeriodicWork("delivery", deliver, CheckEvery, ca.Clock, log));
        parts.Push(new PeriodicWork("server certificate", stop => RefreshAsync(identity, log, stop), CheckEvery, ca.Clock, log));
        parts.Push(new PeriodicWork("connections", places.EndLateAsync, WatchEvery, ca.Clock, log));
        parts.Push(new PeriodicWork("memory", new MemoryRelease(places).ReleaseAsync, CheckEvery, ca.Clock, log));
        var server = new CaServer(app, parts, options, log);
        log.Listening(server.Url, Product.Version);
        return server;
    }

    /// <summary>Stops taking requests, ends the running ones, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        log.Stopping();
        using (var over = new CancellationTokenSource(options.StopTimeout))
        {
            await app.StopAsync(over.Token);
        }

        await DisposeAsync(parts);
    }

    // Disposes in reverse order.
    private static async Task DisposeAsync(Stack<IAsyncDisposable> parts)
    {
        while (parts.TryPop(out IAsyncDisposable? part))
        {
            await part.DisposeAsync();
        }
    }

    private static async Task RefreshAsync(IServerIdentity? identity, ILogger log, CancellationToken cancellation)
    {
        try
        {
            await (identity?.RefreshAsync(cancellation) ?? Task.CompletedTask);
        }
        catch (TlsUnusableException fault)
        {
            log.ServerCertificateFailed(fault.Message);
        }
    }

    private static void Compose(
        WebApplication app, ServerOptions options, Deployment ca, IServerIdentity? identity, Stack<IAsyncDisposable> parts, ServerMetrics metrics,
        Func<IReadOnlyCollection<DateTimeOffset>> queued, ILogger log)
    {
        var runner = new FunctionRunner(
            new InvokeFunction(ca), options.FunctionTimeout, MaxCalls * Environment.ProcessorCount, ca.Clock, log, metrics);
        var queue = new EventQueue(runner);
        var health = new HealthEndpoint(ca);
        parts.Push(health);
        parts.Push(runner);
        parts.Push(queue);
        var catalog = new FunctionCatalog(ca.Settings.Names, ca.Clock.GetUtcNow(), options.FunctionTimeout);
        var reader = new PublishedReader(ca.PublishedFiles);
        parts.Push(reader);
        var files = new PublishedEndpoint(reader, ca.Settings.Names, ca.Clock);
        app.Use(new AccessLog(new RequestIds(ca.Serials), metrics, ca.Clock, log).RunAsync);
        app.UseRouting();
        var authenticator = new Authenticator(options.Access, ca.Settings.RequestPolicies, new AdmitClient(ca), ca.Clock);
        var bodies = new RequestBodies((double)options.ConnectionsPerAddress / options.MaxConnections, options.BodyTimeout, ca.Clock);
        var scrape = new MetricsEndpoint(
            ca, metrics, health, new WaitingNotifications(ca.Ledger, queued, ca.Clock), authenticator, options.MetricsToken, log);
        parts.Push(scrape);
        new Routes(authenticator, bodies, catalog, new InvokeEndpoint(catalog, runner, queue, log), files, health, scrape, log).Map(app);
        var origin = new OwnOrigin(identity);
        new PageEndpoint($"{ca.Settings.Names.Project}, {ca.Settings.Names.Environment}: certificate authority", files.Files, origin).Map(app);
        new ServerApi(ca, options, origin, authenticator, bodies, runner, health, metrics, log).Map(app, parts);
    }

    private static string UrlOf(WebApplication app)
    {
        var server = app.Services.GetRequiredService<IServer>();
        return server.Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }
}
