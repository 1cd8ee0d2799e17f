using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Files;
using ServerlessCA.Server.Health;
using ServerlessCA.Server.Lambda;
using ServerlessCA.Server.Logging;
using ServerlessCA.Server.Metrics;

namespace ServerlessCA.Server.Http;

/// <summary>Maps the server's paths to its endpoints, and admits callers to those that need it.</summary>
internal sealed class Routes(
    Authenticator authenticator, RequestBodies bodies, FunctionCatalog catalog, InvokeEndpoint invoke, PublishedEndpoint files, HealthEndpoint health, MetricsEndpoint metrics, ILogger log)
{
    private const string Functions = "/2015-03-31/functions"; // the Lambda API's version
    private const int NoBody = 0;

    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the routes to an application.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost($"{Functions}/{{name}}/invocations", InvokeAsync);
        app.MapGet(Functions, ListAsync);
        app.MapGet($"{Functions}/{{name}}", GetAsync);
        app.MapGet($"{Functions}/{{name}}/configuration", GetConfigurationAsync);
        app.MapMethods("/health", Read, HealthAsync);
        app.MapMethods("/metrics", Read, metrics.ServeAsync);
        app.MapMethods("/schemas/{schema}", Read, SchemaEndpoint.ServeAsync);
        app.MapMethods("/{file}", Read, FileAsync);
    }

    private Task InvokeAsync(HttpContext context) => CallAsync(
        context, InvokeEndpoint.MaxSynchronous, (admission, body) => invoke.InvokeAsync(
            context.Request, admission.Caller!, context.TraceIdentifier, NameOf(context), body));

    private Task ListAsync(HttpContext context) => CallAsync(context, NoBody, (admission, _) => Task.FromResult(catalog.List(
        Query(context, "Marker"), Query(context, "MaxItems"), Query(context, "FunctionVersion"), RegionOf(context, admission))));

    private Task GetAsync(HttpContext context) => CallAsync(context, NoBody, (admission, _) => Task.FromResult(
        catalog.Get(NameOf(context), Query(context, "Qualifier"), RegionOf(context, admission))));

    private Task GetConfigurationAsync(HttpContext context) => CallAsync(context, NoBody, (admission, _) => Task.FromResult(
        catalog.GetConfiguration(NameOf(context), Query(context, "Qualifier"), RegionOf(context, admission))));

    private Task FileAsync(HttpContext context) => files.ServeAsync(context, (string)context.Request.RouteValues["file"]!);

    // A refusal comes before the body is read, but a signature can be checked only afterwards.
    private async Task CallAsync(HttpContext context, int maxBody, Func<Admission, ReadOnlyMemory<byte>, Task<ApiReply>> call)
    {
        Admission admission = await BeginAsync(context);
        if (admission.Fault is { } refused)
        {
            await RefuseAsync(context, refused);
            return;
        }

        using ReceivedBody body = admission.Known is null
            ? await bodies.ReadPendingAsync(context.Request, maxBody, context.RequestAborted)
            : await bodies.ReadAsync(context.Request, maxBody, context.RequestAborted);
        if (body.Fault is { } broken)
        {
            await ApiReply.Of(broken).WriteAsync(context);
            return;
        }

        if (Authenticator.Complete(admission, body.Digest) is { } wrong)
        {
            await RefuseAsync(context, wrong);
            return;
        }

        AccessLog.Note(context, admission.Caller!);
        ApiReply reply = admission.Known is not null || bodies.TryAdmit(body)
            ? await call(admission, body.ToMemory())
            : ApiReply.Of(ApiFault.TooMany());
        await reply.WriteAsync(context);
    }

    private async Task HealthAsync(HttpContext context)
    {
        Admission admission = await BeginAsync(context);
        bool known = admission.Fault is null && Authenticator.Complete(admission, () => SHA256.HashData([])) is null;
        if (known)
        {
            AccessLog.Note(context, admission.Caller!);
        }

        await (await health.AnswerAsync(known, context.RequestAborted)).WriteAsync(context);
    }

    // A known caller is noted before anything else can end the request.
    private async Task<Admission> BeginAsync(HttpContext context)
    {
        Admission admission = await authenticator.BeginAsync(context, context.RequestAborted);
        if (admission.Known is { } caller)
        {
            AccessLog.Note(context, caller);
        }

        return admission;
    }

    private Task RefuseAsync(HttpContext context, ApiFault fault)
    {
        log.NotAdmitted(context.TraceIdentifier, AccessLog.PeerOf(context), fault.Message);
        return ApiReply.Of(fault).WriteAsync(context);
    }

    private static string NameOf(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static string? Query(HttpContext context, string name) => context.Request.Query[name] is [{ } value, ..] ? value : null;

    // A signature names a region. Without a token nobody checks it, but the ARNs shall have it all the same.
    private static string? RegionOf(HttpContext context, Admission admission) => (admission.Signature?.Request ?? SignedRequest.Of(context.Request))?.Region;
}
