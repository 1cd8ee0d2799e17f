using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Health;
using ServerlessCA.Server.Http;
using ServerlessCA.Server.Lambda;
using ServerlessCA.Server.Metrics;

namespace ServerlessCA.Server.Api;

/// <summary>Puts the API together: all of its calls, and what they share.</summary>
/// <param name="ca">The CA.</param>
/// <param name="options">The server's options.</param>
/// <param name="origin">Knows the server's own names.</param>
/// <param name="authenticator">Checks tokens, signatures and certificates.</param>
/// <param name="bodies">Reads bodies within limits.</param>
/// <param name="runner">Runs the function that issues.</param>
/// <param name="health">Checks the CA's health.</param>
/// <param name="metrics">Counts runs and sessions.</param>
/// <param name="log">Gets calls and refusals.</param>
internal sealed class ServerApi(
    Deployment ca,
    ServerOptions options,
    OwnOrigin origin,
    Authenticator authenticator,
    RequestBodies bodies,
    FunctionRunner runner,
    HealthEndpoint health,
    ServerMetrics metrics,
    ILogger log)
{
    /// <summary>Adds the routes to an application.</summary>
    /// <param name="app">The application.</param>
    /// <param name="parts">Gets what is to be disposed when the server stops.</param>
    public void Map(IEndpointRouteBuilder app, Stack<IAsyncDisposable> parts)
    {
        var sessions = new Sessions(ca.Serials, ca.Clock);
        metrics.Sessions = sessions.CountOpen;
        var access = new ApiAccess(options.Access, authenticator, sessions);
        var plan = new PlanEndpoint(ca, log);
        var run = new RunEndpoint(ca, metrics, log);
        parts.Push(plan);
        parts.Push(run);
        new ApiRoutes(origin, access, bodies, options.PageRequests, log).Map(app,
        [
            OpenApiEndpoint.Operation,
            .. new SessionEndpoint(ca.Settings, access, authenticator, sessions, new SignInAttempts(ca.Clock), options.PageRequests).Operations,
            new AuthoritiesEndpoint(ca).Operation,
            .. new InventoryEndpoint(ca).Operations,
            .. new CertificateEndpoint(ca).Operations,
            new HistoryEndpoint(ca).Operation,
            new ApiOperation(HttpMethods.Get, "/health", ApiCall.Read, request => health.DocumentAsync(request.Cancellation)),
            plan.Operation,
            new IssueEndpoint(runner, log).Operation,
            new RevocationEndpoint(ca, log).Operation,
            run.Operation,
        ]);
    }
}
