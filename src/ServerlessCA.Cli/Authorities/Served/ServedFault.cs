using System.Net;
using System.Text.Json;
using ServerlessCA.Core.Trust;

namespace ServerlessCA.Cli.Authorities.Served;

/// <summary>Turns what a server or the way to it did into faults with a clear message.</summary>
internal static class ServedFault
{
    private const int MaxShown = 300; // characters of a foreign message

    /// <summary>The connection failed.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="fault">What the platform says.</param>
    /// <param name="mayBeIssued">Whether the request may have come through.</param>
    public static AuthorityFault OfConnection(Uri address, HttpRequestException fault, bool mayBeIssued)
    {
        bool neverSent = fault.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
        (string what, string hint) = fault.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => (InnermostOf(fault), "check the host's name"),
            HttpRequestError.SecureConnectionError => OfTls(TlsFault.Of(fault, "--client-cert")),
            _ => (InnermostOf(fault), "check address and port, and whether the CA is served there"),
        };
        return new AuthorityFault(
            AuthorityFaultKind.Unreachable, $"'{address}' cannot be reached: {what}", hint, mayBeIssued && !neverSent, fault);
    }

    private static (string What, string Hint) OfTls(TlsFault fault) => (fault.Message, fault.Hint);

    private static string InnermostOf(Exception fault)
    {
        while (fault.InnerException is { } inner)
        {
            fault = inner;
        }

        return fault.Message;
    }

    /// <summary>A status that says no.</summary>
    public static AuthorityFault OfStatus(Uri address, HttpResponseMessage answer, string text, bool mayBeIssued)
    {
        string said = MessageOf(text) is { } message ? $": {message}" : "";
        string status = $"'{address}' answered {(int)answer.StatusCode}{said}";
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
                AuthorityFaultKind.NoPermission, status, "give the token (variable SERVERLESS_CA_TOKEN, or --token-file) or a client certificate (--client-cert)"),
            HttpStatusCode.NotFound => new(AuthorityFaultKind.NotFound, status, "check the address: no CA answers there"),
            HttpStatusCode.TooManyRequests => new(AuthorityFaultKind.Throttled, status, "try again in a minute"),
            < HttpStatusCode.BadRequest => new(AuthorityFaultKind.NotFound, status, "give the address that it leads to"),
            < HttpStatusCode.InternalServerError => new(AuthorityFaultKind.Failed, status, "the request does not do for this CA"),
            _ => new(AuthorityFaultKind.Failed, status, "try again; the CA's log tells more", mayBeIssued),
        };
    }

    /// <summary>The function failed: its answer is an error, not a refusal.</summary>
    public static AuthorityFault OfFunction(Uri address, string text) => new(
        AuthorityFaultKind.Failed, $"the CA at '{address}' failed: {MessageOf(text) ?? "it does not say why"}", "try again; the CA's log tells more", mayBeIssued: true);

    /// <summary>The answer is not what a CA answers.</summary>
    public static AuthorityFault NotUnderstood(Uri address, bool mayBeIssued, Exception fault) => new(
        AuthorityFaultKind.NotFound, $"what '{address}' answered is not a CA's answer: {fault.Message}", "check the address", mayBeIssued, fault);

    // The Lambda API writes Message, some of its faults message, functions errorMessage.
    private static string? MessageOf(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            string? message = document.RootElement.ValueKind != JsonValueKind.Object ? null
                : document.RootElement.EnumerateObject()
                    .Where(member => member.Name is "Message" or "message" or "errorMessage" && member.Value.ValueKind == JsonValueKind.String)
                    .Select(member => member.Value.GetString()).FirstOrDefault();
            return message is { Length: > MaxShown } ? message[..MaxShown] : message;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
