using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Access;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Access;

/// <summary>Decides who may call functions: holders of a client certificate or of a token, or, on loopback without
/// either, every program of this machine; but no web page. All credentials are checked. A header that does not admit is
/// refused whatever the certificate; a certificate that does not admit is ignored beside a token, as programs show
/// certificates unasked. Browsers do so for every page that calls, so there a certificate counts for nothing.</summary>
internal sealed class Authenticator(AccessPolicy policy, IReadOnlyList<RequestPolicy> requestPolicies, AdmitClient admitClient, TimeProvider clock)
{
    /// <summary>Checks connection and headers.</summary>
    public async Task<Admission> BeginAsync(HttpContext context, CancellationToken cancellation) =>
        WhyForeign(context.Request) is { } foreign ? Admission.Refused(foreign)
        : policy.IsOpen ? Admission.Of(Caller.Anonymous)
        : await CheckAsync(context, withCertificate: !OwnOrigin.IsFromPage(context.Request), cancellation);

    /// <summary>Checks the credentials, where callers need some.</summary>
    /// <param name="context">The request.</param>
    /// <param name="withCertificate">Whether the client certificate of the connection counts.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<Admission> CheckAsync(HttpContext context, bool withCertificate, CancellationToken cancellation)
    {
        Admission? byCertificate = withCertificate ? await OfCertificateAsync(context.Connection.ClientCertificate, cancellation) : null;
        Admission? byHeader = policy.Tokens.Count > 0 ? OfHeader(context.Request) : null;
        return byHeader is null ? byCertificate ?? Admission.Refused(ApiFault.NotKnown($"Credentials are missing: {WhatHelps}."))
            : byCertificate?.Known is { } holder ? byHeader.With(holder)
            : byHeader;
    }

    /// <summary>Completes the check once the body is there.</summary>
    /// <param name="admission">The result of <see cref="BeginAsync"/>.</param>
    /// <param name="digest">Returns the body's SHA-256.</param>
    /// <returns>The reason why the caller may not call; null if it may.</returns>
    public static ApiFault? Complete(Admission admission, Func<byte[]> digest) =>
        admission.Signature is { } signature && !signature.Request.IsSignedWith(signature.Token, digest())
            ? ApiFault.NotAdmitted(
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided: the secret key must be the server's token.")
            : null;

    /// <summary>Returns the holder of a token; null if it is none of this server. All tokens are compared, even after one
    /// fits.</summary>
    public Caller? OfToken(string given) =>
        policy.Tokens.Where(grant => grant.Token.Is(given)).ToArray() is [var held, ..] ? CallerOf("token", held) : null;

    private string WhatHelps => string.Join(", or ", ((string?[])
    [
        policy.Tokens.Count == 0 ? null : "send 'Authorization: Bearer TOKEN'",
        policy.Tokens.Count == 0 ? null : $"sign with access key id {KeyIds} and the token as secret key",
        policy.Clients.Count == 0 ? null : "use a client certificate of this CA",
    ]).Where(one => one is not null));

    private string KeyIds => string.Join(" or ", policy.Tokens.Select(grant => $"'{grant.Id}'"));

    /// <summary>Checks a client certificate; null if there is none, or the server admits nobody by certificate.</summary>
    public async Task<Admission?> OfCertificateAsync(X509Certificate2? certificate, CancellationToken cancellation)
    {
        if (policy.Clients.Count == 0 || certificate is null)
        {
            return null;
        }

        ClientVerdict verdict = await admitClient.RunAsync(certificate.RawDataMemory, policy.Clients, cancellation);
        return verdict.WhyNot is { } why
            ? Admission.Refused(ApiFault.NotAdmitted("AccessDeniedException", $"The client certificate does not admit: {why}."))
            : Admission.Of(new Caller(
                $"certificate {verdict.CommonName}", verdict.SerialNumber?.ToString(), RightsOf(verdict.Level, verdict.CommonName, verdict.PolicyName)));
    }

    private Admission? OfHeader(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return null;
        }

        if (Bearer.TokenOf(header) is { } given)
        {
            return OfToken(given) is { } holder
                ? Admission.Of(holder)
                : Admission.Refused(ApiFault.NotKnown("The token is not that of this server."));
        }

        return SignedRequest.Of(request) is { } signed
            ? OfSignature(signed)
            : Admission.Refused(ApiFault.NotKnown($"The header Authorization is not understood: {WhatHelps}."));
    }

    private Admission OfSignature(SignedRequest signed) =>
        policy.Tokens.FirstOrDefault(grant => grant.Id == signed.AccessKeyId) is not { } grant
            ? Admission.Refused(ApiFault.NotAdmitted(
                "UnrecognizedClientException", $"The access key id is not known: use {KeyIds}, with the server's token as the secret key."))
            : signed.WhyNotInOrder(clock.GetUtcNow()) is { } why ? Admission.Refused(ApiFault.NotAdmitted("InvalidSignatureException", why))
            : Admission.If(new PendingSignature(signed, grant.Token), CallerOf("signature", grant));

    private Caller CallerOf(string means, TokenGrant grant) => new($"{means} {grant.Id}", null, RightsOf(grant.Level, null, grant.PolicyName));

    // Who is bound to a policy that is not there may do nothing: the server does not start then, so this is the last line of defence.
    private CallerRights RightsOf(AccessLevel level, string? ownName, string? policyName) =>
        CallerRights.Of(level, ownName, policy.Clients).Under(policyName is null ? null
            : RequestPolicy.Find(requestPolicies, policyName) ?? throw new InvalidOperationException($"there is no policy '{policyName}'"));

    // A page of any site can make a browser send what changes something, with the certificate that it has; it cannot keep the
    // browser from saying so. Without credentials only this distinguishes programs of this machine from web pages.
    private ApiFault? WhyForeign(HttpRequest request) =>
        policy.IsOpen && !OwnOrigin.IsLoopbackName(OwnOrigin.NameOf(request)) ? ApiFault.NotAdmitted("AccessDeniedException", "This server has no token, so it answers only as localhost.")
        : request.Headers.Origin.Count > 0 ? ApiFault.NotAdmitted("AccessDeniedException", "Web pages may not call functions.")
        : null;
}

/// <summary>Says whether a caller is admitted, as far as this is known before the body came. Immutable.</summary>
/// <param name="Known">The caller as certificate or token prove it; null while nothing but a signature says so.</param>
/// <param name="Caller">The caller if the signature is valid; null if there is a fault.</param>
/// <param name="Signature">The signature that must still be compared with the body; null if nothing is left to
/// do.</param>
/// <param name="Fault">The reason for a refusal; null if the caller is admitted. A known caller may have sent another
/// credential that is not valid.</param>
internal sealed record Admission(Caller? Known, Caller? Caller, PendingSignature? Signature, ApiFault? Fault)
{
    /// <summary>Admits a caller.</summary>
    public static Admission Of(Caller caller) => new(caller, caller, null, null);

    /// <summary>Admits a caller if the signature is valid.</summary>
    public static Admission If(PendingSignature signature, Caller caller) => new(null, caller, signature, null);

    /// <summary>Refuses a caller.</summary>
    public static Admission Refused(ApiFault fault) => new(null, null, null, fault);

    /// <summary>Adds the certificate that the caller showed besides.</summary>
    public Admission With(Caller byCertificate) =>
        Signature is null && Fault is null ? Of(Caller!.With(byCertificate)) : this with { Known = byCertificate, Caller = Caller?.With(byCertificate) };
}

/// <summary>A signature that must still be checked against a token. Immutable.</summary>
/// <param name="Request">The request that was signed.</param>
/// <param name="Token">The token that it must have been signed with.</param>
internal sealed record PendingSignature(SignedRequest Request, AccessToken Token);

/// <summary>A caller, as the credential shows it that gives it its rights. Immutable.</summary>
/// <param name="Name">The caller's name in the log: the kind of credential and its holder; no secret.</param>
/// <param name="SerialNumber">The client certificate's serial number, decimal; null if it is another
/// credential.</param>
/// <param name="Rights">The caller's rights.</param>
internal sealed record Caller(string Name, string? SerialNumber, CallerRights Rights)
{
    /// <summary>A program of this machine, where callers need no credentials.</summary>
    public static Caller Anonymous { get; } = new("anonymous", null, CallerRights.Everything);

    /// <summary>Somebody on this machine who reads with the API, where callers need no credentials.</summary>
    public static Caller Reader { get; } = Anonymous with { Rights = CallerRights.Reading };

    /// <summary>Adds a certificate that the caller showed besides. The credential with more rights counts; if both have
    /// the same, the certificate. The certificate's own name may be renewed in both cases.</summary>
    public Caller With(Caller byCertificate) =>
        (Rights.Level > byCertificate.Rights.Level ? this : byCertificate) with { Rights = Rights.With(byCertificate.Rights) };
}

/// <summary>Reads tokens from the header <c>Authorization</c> (RFC 6750 §2.1).</summary>
internal static class Bearer
{
    /// <summary>The name of the scheme.</summary>
    public const string Scheme = "Bearer";

    /// <summary>Returns the token of a header; null if it has another scheme.</summary>
    public static string? TokenOf(string header) =>
        header.StartsWith($"{Scheme} ", StringComparison.OrdinalIgnoreCase) ? header[(Scheme.Length + 1)..].Trim() : null;
}
