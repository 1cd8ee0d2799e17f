using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Http;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Api;

/// <summary>Maps the calls of <c>/api/v1</c>, and checks for all of them host, origin, caller, rights, body and parameters, in this
/// order.</summary>
/// <param name="origin">Knows the server's own names.</param>
/// <param name="access">Knows the callers.</param>
/// <param name="bodies">Reads bodies within limits.</param>
/// <param name="pagesRequest">Whether the operator lets web pages request certificates.</param>
/// <param name="log">Gets refusals.</param>
internal sealed class ApiRoutes(OwnOrigin origin, ApiAccess access, RequestBodies bodies, bool pagesRequest, ILogger log)
{
    private const string Json = "application/json";

    /// <summary>Adds the routes to an application.</summary>
    public void Map(IEndpointRouteBuilder app, IEnumerable<ApiOperation> operations)
    {
        foreach (ApiOperation operation in operations)
        {
            string[] methods = operation.Method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [operation.Method];
            app.MapMethods(ApiOperation.Root + operation.Path, methods, context => AnswerAsync(context, operation));
        }
    }

    private async Task AnswerAsync(HttpContext context, ApiOperation operation)
    {
        ApiReply reply = await ReplyAsync(context, operation);
        await reply.WriteAsync(context);
    }

    private async Task<ApiReply> ReplyAsync(HttpContext context, ApiOperation operation)
    {
        if (WhyForeign(context) is { } foreign)
        {
            return Refused(context, foreign);
        }

        ApiAdmission admission = await access.BeginAsync(context, context.RequestAborted);
        if (admission.Caller is { } known)
        {
            AccessLog.Note(context, known.Caller);
        }

        if (WhyNot(operation, admission) is { } early)
        {
            return Refused(context, early);
        }

        if (operation.MaxBody > 0 && !IsJson(context.Request))
        {
            return ApiRefusal.NotJson().ToReply();
        }

        int limit = admission.Caller is null ? Math.Min(operation.MaxBody, RequestBodies.MaxPending) : operation.MaxBody;
        using ReceivedBody body = admission.Caller is null
            ? await bodies.ReadPendingAsync(context.Request, limit, context.RequestAborted)
            : await bodies.ReadAsync(context.Request, limit, context.RequestAborted);
        if (body.Fault is { } broken)
        {
            return ApiRefusal.Of(broken, limit).ToReply();
        }

        return admission.IsPending ? await CompleteAsync(context, operation, access.Complete(admission, body.Digest), body)
            : await RunAsync(context, operation, admission.Caller, body);
    }

    private async Task<ApiReply> CompleteAsync(HttpContext context, ApiOperation operation, ApiAdmission admission, ReceivedBody body)
    {
        if (WhyNot(operation, admission) is { } late)
        {
            return Refused(context, late);
        }

        if (admission.Caller is { } caller)
        {
            AccessLog.Note(context, caller.Caller);
        }

        return bodies.TryAdmit(body)
            ? await RunAsync(context, operation, admission.Caller, body)
            : ApiRefusal.Of(ApiFault.TooMany(), operation.MaxBody).ToReply();
    }

    private async Task<ApiReply> RunAsync(HttpContext context, ApiOperation operation, ApiCaller? caller, ReceivedBody body)
    {
        var parameters = new ApiParameters(context.Request.Query, operation.Parameters);
        if (parameters.Fault is { } wrong)
        {
            return wrong.ToReply();
        }

        try
        {
            return await operation.RunAsync(new ApiRequest(context, caller, parameters, body.ToMemory()));
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            log.FunctionFailed(context.TraceIdentifier, operation.Path, fault.GetType().Name, fault.Message);
            return (fault is LedgerUnavailableException or FilesUnavailableException or CaKeyUnavailableException
                ? ApiRefusal.Busy(fault.Message)
                : ApiRefusal.Internal(fault.Message)).ToReply();
        }
    }

    private ApiRefusal? WhyForeign(HttpContext context) =>
        !origin.IsOwnHost(context) ? ApiRefusal.ForeignHost()
        : !OwnOrigin.IsOwnOrigin(context.Request) ? ApiRefusal.ForeignOrigin()
        : null;

    private ApiRefusal? WhyNot(ApiOperation operation, ApiAdmission admission) =>
        operation.Call.Judge(admission.Rights, admission.Caller?.Session is not null, pagesRequest) switch
        {
            ApiVerdict.NotSignedIn => admission.Fault ?? ApiRefusal.NotSignedIn("Nobody is signed in.", access.HowToSignIn),
            ApiVerdict.LevelTooLow => ApiRefusal.NotAllowed(
                $"This call needs the level '{AccessLevels.Name(operation.Call.Needed!.Value)}', and the caller has the level '{AccessLevels.Name(admission.Rights!.Level)}'.",
                "Use a credential of the operator."),
            ApiVerdict.NotFromPages => ApiRefusal.NotAllowed(
                "The operator does not let web pages request certificates.", "Start serve with --page-requests, or request with the command line."),
            _ => null,
        };

    // A form of a web page cannot declare JSON without asking first. Who sends Authorization is no form.
    private static bool IsJson(HttpRequest request) =>
        request.Headers.Authorization.Count > 0
        || (request.ContentType?.Split(';')[0].Trim().Equals(Json, StringComparison.OrdinalIgnoreCase) ?? false);

    private ApiReply Refused(HttpContext context, ApiRefusal why)
    {
        log.NotAdmitted(context.TraceIdentifier, AccessLog.PeerOf(context), why.Message);
        return why.ToReply();
    }
}
