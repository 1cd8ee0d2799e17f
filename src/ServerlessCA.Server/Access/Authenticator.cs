using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Access;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Access;

/// <summary>Decides who may call functions: holders of a client certificate or of the token, or, on loopback without
/// either, everybody on this machine who is no web page. Whatever is shown is looked at: a header that does not admit is
/// refused whatever the certificate; a certificate that does not, which programs show unasked, hides no token.</summary>
internal sealed class Authenticator(AccessPolicy policy, AdmitClient admitClient, TimeProvider clock)
{
    /// <summary>Looks at connection and headers.</summary>
    public async Task<Admission> BeginAsync(HttpContext context, CancellationToken cancellation)
    {
        if (policy.IsOpen)
        {
            return WhyForeign(context.Request) is { } foreign ? Admission.Refused(foreign) : Admission.Of(Caller.Anonymous);
        }

        Admission? byCertificate = policy.Clients.Count > 0 && context.Connection.ClientCertificate is { } certificate
            ? await OfCertificateAsync(certificate, cancellation)
            : null;
        Admission? byHeader = policy.Tokens.Count > 0 ? OfHeader(context.Request) : null;
        return byHeader is null ? byCertificate ?? Admission.Refused(ApiFault.NotKnown($"Credentials are missing: {WhatHelps}."))
            : byCertificate?.Known is { } holder ? byHeader.With(holder)
            : byHeader;
    }

    /// <summary>Completes it once the body is there.</summary>
    /// <param name="admission">As it began.</param>
    /// <param name="digest">Gives the body's SHA-256.</param>
    /// <returns>Why the caller may not; null when it may.</returns>
    public static ApiFault? Complete(Admission admission, Func<byte[]> digest) =>
        admission.Signature is { } signature && !signature.Request.IsSignedWith(signature.Token, digest())
            ? ApiFault.NotAdmitted(
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided: the secret key must be the server's token.")
            : null;

    private string WhatHelps => string.Join(", or ", ((string?[])
    [
        policy.Tokens.Count == 0 ? null : "send 'Authorization: Bearer TOKEN'",
        policy.Tokens.Count == 0 ? null : $"sign with access key id {KeyIds} and the token as secret key",
        policy.Clients.Count == 0 ? null : "use a client certificate of this CA",
    ]).Where(one => one is not null));

    private string KeyIds => string.Join(" or ", policy.Tokens.Select(grant => $"'{grant.Id}'"));

    private async Task<Admission> OfCertificateAsync(X509Certificate2 certificate, CancellationToken cancellation)
    {
        ClientVerdict verdict = await admitClient.RunAsync(certificate.RawDataMemory, policy.Clients, cancellation);
        return verdict.WhyNot is { } why
            ? Admission.Refused(ApiFault.NotAdmitted("AccessDeniedException", $"The client certificate does not admit: {why}."))
            : Admission.Of(new Caller(
                $"certificate {verdict.CommonName}", verdict.SerialNumber?.ToString(), CallerRights.Of(verdict.Level, verdict.CommonName, policy.Clients)));
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
            // All are compared, whichever fits.
            return policy.Tokens.Where(grant => grant.Token.Is(given)).ToArray() is [var held, ..]
                ? Admission.Of(CallerOf("token", held))
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

    private Caller CallerOf(string means, TokenGrant grant) => new($"{means} {grant.Id}", null, CallerRights.Of(grant.Level, null, policy.Clients));

    // Without credentials nothing but this tells programs of this machine from web pages that its browsers show.
    private static ApiFault? WhyForeign(HttpRequest request)
    {
        string host = request.Host.Host.Trim('[', ']');
        bool local = host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
        return !local ? ApiFault.NotAdmitted("AccessDeniedException", "This server has no token, so it answers only as localhost.")
            : request.Headers.Origin.Count > 0 ? ApiFault.NotAdmitted("AccessDeniedException", "Web pages may not call functions.")
            : null;
    }
}

/// <summary>Whether a caller may call, as far as it can be told before the body came. Immutable.</summary>
/// <param name="Known">Who it is for certain: by a certificate or a token; null while nothing but a signature says so.</param>
/// <param name="Caller">Who it is, if the signature holds; null when there is a fault.</param>
/// <param name="Signature">To be compared with the body yet; null when there is nothing left to do.</param>
/// <param name="Fault">Why not; null when the caller may. One who is known may have sent another credential that does not do.</param>
internal sealed record Admission(Caller? Known, Caller? Caller, PendingSignature? Signature, ApiFault? Fault)
{
    /// <summary>Admitted.</summary>
    public static Admission Of(Caller caller) => new(caller, caller, null, null);

    /// <summary>Admitted, if the signature holds.</summary>
    public static Admission If(PendingSignature signature, Caller caller) => new(null, caller, signature, null);

    /// <summary>Not admitted.</summary>
    public static Admission Refused(ApiFault fault) => new(null, null, null, fault);

    /// <summary>The same of a caller who showed a certificate besides.</summary>
    public Admission With(Caller byCertificate) =>
        Signature is null && Fault is null ? Of(Caller!.With(byCertificate)) : this with { Known = byCertificate, Caller = Caller?.With(byCertificate) };
}

/// <summary>A signature that may be one of a token's holder. Immutable.</summary>
/// <param name="Request">What was signed.</param>
/// <param name="Token">With which it must have been.</param>
internal sealed record PendingSignature(SignedRequest Request, AccessToken Token);

/// <summary>Who called, by the credential that gives it its level. Immutable.</summary>
/// <param name="Name">For the log: how it showed who it is, and who that is; no secret.</param>
/// <param name="SerialNumber">Of that client certificate, decimal; null: it is another credential.</param>
/// <param name="Rights">What it may do.</param>
internal sealed record Caller(string Name, string? SerialNumber, CallerRights Rights)
{
    /// <summary>A program of this machine, where nobody has to show who they are.</summary>
    public static Caller Anonymous { get; } = new("anonymous", null, CallerRights.Everything);

    /// <summary>Of one who showed a certificate besides: who may do more, the certificate's holder where both may do the
    /// same. The certificate's own name may be renewed all the same.</summary>
    public Caller With(Caller byCertificate) =>
        (Rights.Level > byCertificate.Rights.Level ? this : byCertificate) with { Rights = Rights.With(byCertificate.Rights) };
}

/// <summary>Tokens in the header <c>Authorization</c> (RFC 6750 §2.1).</summary>
internal static class Bearer
{
    /// <summary>The scheme.</summary>
    public const string Scheme = "Bearer";

    /// <summary>The token of a header; null when it is of another scheme.</summary>
    public static string? TokenOf(string header) =>
        header.StartsWith($"{Scheme} ", StringComparison.OrdinalIgnoreCase) ? header[(Scheme.Length + 1)..].Trim() : null;
}
