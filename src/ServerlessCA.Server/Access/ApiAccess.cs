using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ServerlessCA.Core.Access;
using ServerlessCA.Server.Api;

namespace ServerlessCA.Server.Access;

/// <summary>Finds out who makes a call of <c>/api/v1</c>: by the header <c>Authorization</c>, by the cookie of a session, or by a
/// client certificate. A browser shows a certificate unasked, so in the calls of web pages it counts for nothing but signing
/// in.</summary>
internal sealed class ApiAccess(AccessPolicy policy, Authenticator authenticator, Sessions sessions)
{
    private static readonly string SessionEnded =
        $"The session has ended: by signing out, after {Sessions.LongestIdle.TotalMinutes:0} minutes without a call or after {Sessions.Longest.TotalHours:0} hours, or because the server was started again.";

    private const string OtherCertificate = "The session works only with the client certificate that signed it in, which this connection does not show.";
    private const string CertificateEnded = "The session has ended with the client certificate that signed it in, which does not admit any more.";

    /// <summary>Gets what signs in here, in the words of the API.</summary>
    public IReadOnlyList<string> SignIn { get; } =
        [.. policy.Tokens.Count > 0 ? (string[])["token"] : [], .. policy.Clients.Count > 0 ? (string[])["certificate"] : []];

    /// <summary>Gets what helps a caller that nobody knows.</summary>
    public string HowToSignIn =>
        policy.IsOpen ? "This server has no credentials and is for reading: start serve with --token-file FILE."
        : policy.Clients.Count == 0 ? "Sign in on the page, or send 'Authorization: Bearer TOKEN'."
        : policy.Tokens.Count == 0 ? "Sign in on the page, or use a client certificate of this CA."
        : "Sign in on the page, send 'Authorization: Bearer TOKEN', or use a client certificate of this CA.";

    /// <summary>Checks connection and headers.</summary>
    public async Task<ApiAdmission> BeginAsync(HttpContext context, CancellationToken cancellation)
    {
        if (policy.IsOpen)
        {
            return ApiAdmission.Of(new ApiCaller(Caller.Reader, null));
        }

        bool isPage = OwnOrigin.IsFromPage(context.Request);
        ApiRefusal? ended = null;
        if (StringValues.IsNullOrEmpty(context.Request.Headers.Authorization) && SessionCookie.IdOf(context.Request) is { } id)
        {
            (ApiCaller? signedIn, string? why) = await OfSessionAsync(context, id, cancellation);
            if (signedIn is not null)
            {
                return ApiAdmission.Of(signedIn);
            }

            ended = ApiRefusal.NotSignedIn(why!, "Sign in again.");
        }

        Admission admission = await authenticator.CheckAsync(context, withCertificate: !isPage, cancellation);
        return admission.Fault is null ? new ApiAdmission(admission.Known is { } known ? new ApiCaller(known, null) : null, admission, null)
            : ApiAdmission.Refused(ended ?? Refusal(admission.Fault));
    }

    /// <summary>Completes the check once the body is there.</summary>
    public ApiAdmission Complete(ApiAdmission admission, Func<byte[]> digest) =>
        admission.Pending is not { } pending ? admission
        : Authenticator.Complete(pending, digest) is { } wrong ? ApiAdmission.Refused(Refusal(wrong))
        : ApiAdmission.Of(new ApiCaller(pending.Caller!, null));

    private ApiRefusal Refusal(Http.ApiFault fault) => ApiRefusal.NotSignedIn(fault.Message, HowToSignIn);

    // A certificate is checked again: it may be revoked or expired by now, and the connection may be another one. One of both is null.
    private async Task<(ApiCaller? Caller, string? Why)> OfSessionAsync(HttpContext context, string id, CancellationToken cancellation)
    {
        if (!sessions.TryUse(id, out Session? session))
        {
            return (null, SessionEnded);
        }

        if (session.Certificate is not { } shown)
        {
            return (new ApiCaller(session.Caller, session), null);
        }

        if (context.Connection.ClientCertificate is not { } now || !CryptographicOperations.FixedTimeEquals(now.RawDataMemory.Span, shown))
        {
            return (null, OtherCertificate);
        }

        return await authenticator.OfCertificateAsync(now, cancellation) is { Known: { } holder }
            ? (new ApiCaller(session.Caller with { Rights = holder.Rights }, session), null)
            : (null, CertificateEnded);
    }
}

/// <summary>Says who calls the API, and how the caller is known. Immutable.</summary>
/// <param name="Caller">The caller with its rights.</param>
/// <param name="Session">The session; null: the request has a credential of its own.</param>
internal sealed record ApiCaller(Caller Caller, Session? Session);

/// <summary>Says who calls, as far as this is known. Immutable.</summary>
/// <param name="Caller">The caller; null while only a signature says who it is, or nobody knows the caller.</param>
/// <param name="Pending">The result of other credentials, whose signature may have to be compared with the body; null: there are
/// none.</param>
/// <param name="Fault">The reason why nobody knows the caller; null if there is a caller, or a signature to check.</param>
internal sealed record ApiAdmission(ApiCaller? Caller, Admission? Pending, ApiRefusal? Fault)
{
    /// <summary>Whether the signature is still to be compared with the body.</summary>
    public bool IsPending => Pending?.Signature is not null;

    /// <summary>The rights as the headers show them; null if nobody knows the caller. With a signature that is not checked yet, they
    /// only serve to refuse.</summary>
    public CallerRights? Rights => (Caller?.Caller ?? Pending?.Caller)?.Rights;

    /// <summary>Admits a caller.</summary>
    public static ApiAdmission Of(ApiCaller caller) => new(caller, null, null);

    /// <summary>Refuses a caller.</summary>
    public static ApiAdmission Refused(ApiRefusal why) => new(null, null, why);
}

/// <summary>Reads and writes the cookie of a session (RFC 6265). Scripts cannot read it, and browsers send it with requests of
/// this site alone. With TLS its name keeps other hosts and plain HTTP from setting it.</summary>
internal static class SessionCookie
{
    private const string Name = "serverless_ca_session";
    private const string HostPrefix = "__Host-";
    private const string Attributes = "; Path=/; HttpOnly; SameSite=Strict";

    /// <summary>Returns the id in the request's cookie; null if there is none.</summary>
    public static string? IdOf(HttpRequest request) => request.Cookies[NameFor(request)] is { Length: > 0 } id ? id : null;

    /// <summary>Sets the cookie.</summary>
    public static (string Name, string Value) Set(HttpRequest request, string id) => ("Set-Cookie", $"{NameFor(request)}={id}{AttributesFor(request)}");

    /// <summary>Deletes the cookie.</summary>
    public static (string Name, string Value) Delete(HttpRequest request) => ("Set-Cookie", $"{NameFor(request)}={AttributesFor(request)}; Max-Age=0");

    private static string NameFor(HttpRequest request) => request.IsHttps ? HostPrefix + Name : Name;

    private static string AttributesFor(HttpRequest request) => request.IsHttps ? $"{Attributes}; Secure" : Attributes;
}
