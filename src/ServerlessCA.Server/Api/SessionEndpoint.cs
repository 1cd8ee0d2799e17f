using Microsoft.AspNetCore.Http;
using ServerlessCA.Core;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Settings;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Api;

/// <summary>Signs web pages in and out, and says who is signed in.</summary>
/// <param name="settings">The settings of the CA, of which the page shows some.</param>
/// <param name="access">Knows what signs in.</param>
/// <param name="authenticator">Checks tokens and certificates.</param>
/// <param name="sessions">Holds the sessions.</param>
/// <param name="attempts">Limits wrong credentials.</param>
/// <param name="pagesRequest">Whether the operator lets web pages request certificates.</param>
internal sealed class SessionEndpoint(
    CaSettings settings, ApiAccess access, Authenticator authenticator, Sessions sessions, SignInAttempts attempts, bool pagesRequest)
{
    private const string TokenMember = "Token";

    /// <summary>The calls.</summary>
    public IEnumerable<ApiOperation> Operations =>
    [
        new(HttpMethods.Get, "/session", ApiCall.Open, request => Task.FromResult(Describe(request.Caller))),
        new(HttpMethods.Post, "/session", ApiCall.Open, SignInAsync) { MaxBody = ApiOperation.SmallBody },
        new(HttpMethods.Delete, "/session", ApiCall.Open, request => Task.FromResult(SignOut(request.Context.Request))),
    ];

    private async Task<ApiReply> SignInAsync(ApiRequest request)
    {
        HttpContext context = request.Context;
        if (!ApiBody.TryRead(request.Body, [TokenMember], out IReadOnlyDictionary<string, string>? members, out ApiRefusal? broken))
        {
            return broken.ToReply();
        }

        if (access.SignIn.Count == 0)
        {
            return ApiRefusal.NotSignedIn("Nobody can sign in here.", access.HowToSignIn).ToReply();
        }

        if (attempts.IsTooMany(context.Connection.RemoteIpAddress))
        {
            return ApiRefusal.TooMany("Too many wrong credentials came from this address.", "Try again in a minute.").ToReply();
        }

        string? token = members.GetValueOrDefault(TokenMember);
        (Caller? caller, ApiRefusal? why) = token is not null ? OfToken(token) : await OfCertificateAsync(context);
        if (caller is null)
        {
            attempts.Count(context.Connection.RemoteIpAddress);
            return why!.ToReply();
        }

        if (SessionCookie.IdOf(context.Request) is { } former)
        {
            sessions.End(former);
        }

        (string id, Session session) = sessions.Start(caller, token is null ? context.Connection.ClientCertificate!.RawData : null);
        AccessLog.Note(context, session.Caller);
        ApiReply reply = Describe(new ApiCaller(session.Caller, session));
        return reply with { Headers = [.. reply.Headers, SessionCookie.Set(context.Request, id)] };
    }

    private (Caller? Caller, ApiRefusal? Why) OfToken(string token) => authenticator.OfToken(token) is { } holder
        ? (holder, null)
        : (null, ApiRefusal.NotSignedIn("The token is not that of this server.", "The operator who started serve has it in a file."));

    private async Task<(Caller? Caller, ApiRefusal? Why)> OfCertificateAsync(HttpContext context) =>
        await authenticator.OfCertificateAsync(context.Connection.ClientCertificate, context.RequestAborted) switch
        {
            { Known: { } holder } => (holder, null),
            { Fault: { } fault } => (null, ApiRefusal.NotSignedIn(fault.Message, access.HowToSignIn)),
            _ => (null, ApiRefusal.NotSignedIn("The browser showed no client certificate.", access.HowToSignIn)),
        };

    private ApiReply SignOut(HttpRequest request)
    {
        if (SessionCookie.IdOf(request) is { } id)
        {
            sessions.End(id);
        }

        return ApiReply.Empty(StatusCodes.Status204NoContent) with { Headers = [SessionCookie.Delete(request)] };
    }

    // The version is for callers: strangers need not know what to attack.
    private ApiReply Describe(ApiCaller? caller)
    {
        var session = new SessionDescription(settings.Names.Project, settings.Names.Environment)
        {
            Version = caller is null ? null : Product.Version,
            Caller = caller?.Caller.Name,
            Level = caller?.Caller.Rights.Level,
            SignIn = access.SignIn,
            MayRequest = May(ApiCall.Request, caller),
            MayRevoke = May(ApiCall.Operate, caller),
            Expires = caller?.Session?.Expires,
        };
        return ApiReply.Json(json => SessionDocument.Write(json, session, settings.MaxCertLifetime));
    }

    private bool May(ApiCall call, ApiCaller? caller) =>
        call.Judge(caller?.Caller.Rights, caller?.Session is not null, pagesRequest) == ApiVerdict.Allowed;
}
