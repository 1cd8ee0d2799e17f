using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Access;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Access;

/// <summary>Decides who may call functions: holders of a client certificate or of the token, or, on loopback without
/// either, everybody on this machine who is no web page.</summary>
internal sealed class Authenticator(AccessPolicy policy, AdmitClient admitClient, TimeProvider clock)
{
    /// <summary>Looks at connection and headers.</summary>
    public async Task<Admission> BeginAsync(HttpContext context, CancellationToken cancellation)
    {
        if (policy.IsOpen)
        {
            return WhyForeign(context.Request) is { } foreign ? Admission.Refused(foreign) : new Admission(null, null, null);
        }

        ApiFault? fault = null;
        if (policy.Clients.Count > 0 && context.Connection.ClientCertificate is { } certificate)
        {
            Admission byCertificate = await OfCertificateAsync(certificate, cancellation);
            if (byCertificate.Fault is null)
            {
                return byCertificate;
            }

            fault = byCertificate.Fault;
        }

        return (policy.Token is { } token ? OfHeader(context.Request, token) : null)
            ?? Admission.Refused(fault ?? ApiFault.NotKnown($"Credentials are missing: {WhatHelps}."));
    }

    /// <summary>Completes it once the body is there.</summary>
    /// <returns>Why the caller may not; null when it may.</returns>
    public ApiFault? Complete(Admission admission, ReadOnlySpan<byte> body) =>
        admission.Signature is { } signature && !signature.IsSignedWith(policy.Token!, body)
            ? ApiFault.NotAdmitted(
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided: the secret key must be the server's token.")
            : null;

    private string WhatHelps => string.Join(", or ", ((string?[])
    [
        policy.Token is null ? null : "send 'Authorization: Bearer TOKEN'",
        policy.Token is null ? null : $"sign with access key id '{SignedRequest.KeyId}' and the token as secret key",
        policy.Clients.Count == 0 ? null : "use a client certificate of this CA",
    ]).Where(one => one is not null));

    private async Task<Admission> OfCertificateAsync(X509Certificate2 certificate, CancellationToken cancellation)
    {
        ClientVerdict verdict = await admitClient.RunAsync(certificate.RawDataMemory, policy.Clients, cancellation);
        return verdict.WhyNot is { } why
            ? Admission.Refused(ApiFault.NotAdmitted("AccessDeniedException", $"The client certificate does not admit: {why}."))
            : new Admission($"certificate {verdict.CommonName}", null, null);
    }

    private Admission? OfHeader(HttpRequest request, AccessToken token)
    {
        string header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return null;
        }

        if (Bearer.TokenOf(header) is { } given)
        {
            return token.Is(given)
                ? new Admission("token", null, null)
                : Admission.Refused(ApiFault.NotKnown("The token is not that of this server."));
        }

        return SignedRequest.Of(request) switch
        {
            null => Admission.Refused(ApiFault.NotKnown($"The header Authorization is not understood: {WhatHelps}.")),
            { } signed when signed.WhyNotInOrder(clock.GetUtcNow()) is { } why => Admission.Refused(ApiFault.NotAdmitted(why.Type, why.Message)),
            { } signed => new Admission("signature", signed, null),
        };
    }

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
