using System.Net;
using System.Text;
using ServerlessCA.Cli.Authorities;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Core.Api;

namespace ServerlessCA.Cli.Served;

/// <summary>Turns answers of the API that are no success into faults with a clear message and what to do.</summary>
internal static class ServedApiFault
{
    private const int MaxShown = 1000; // characters of a message: one may name a certificate and a reason

    /// <summary>Says whether the CA has no such thing; a server without the API does not say so.</summary>
    public static bool IsNotFound(HttpStatusCode status, byte[] body) =>
        status == HttpStatusCode.NotFound && ErrorDocument.Read(body) is not null;

    /// <summary>Builds the refusal of something that the CA does for nobody; null when the answer is none.</summary>
    public static CommandFault? RefusalOf(HttpStatusCode status, byte[] body) =>
        status == HttpStatusCode.Conflict && ErrorDocument.Read(body) is { } refused
            ? CommandFault.Refused(CloudSession.Phrase(Shown(refused.Message)), refused.Hint is { } hint ? CloudSession.Phrase(Shown(hint)) : null)
            : null;

    /// <summary>Builds the fault of a server that changes nothing, because it has no credentials by which it would know who may.</summary>
    public static AuthorityFault OfReadOnly(Uri address) => new(
        AuthorityFaultKind.NoPermission, $"'{address}' has no credentials and is for reading", "start it with credentials: serve --token-file FILE");

    /// <summary>Builds the fault of any other answer.</summary>
    public static AuthorityFault OfAnswer(Uri address, HttpStatusCode status, byte[] body)
    {
        if (ErrorDocument.Read(body) is { } error)
        {
            return Of(address, status, error);
        }

        if (status == HttpStatusCode.NotFound)
        {
            return new AuthorityFault(
                AuthorityFaultKind.NotFound,
                $"the server at '{address}' has no API: it is older than this program, or no serverless-ca",
                "update it, check the address, or work on its machine: --ca local:FOLDER");
        }

        using var answer = new HttpResponseMessage(status);
        return ServedFault.OfStatus(address, answer, Encoding.UTF8.GetString(body), mayBeIssued: false);
    }

    private static AuthorityFault Of(Uri address, HttpStatusCode status, ApiError error)
    {
        string? said = error.Hint is { } hint ? CloudSession.Phrase(Shown(hint)) : null;
        (AuthorityFaultKind kind, string? advice) = status switch
        {
            HttpStatusCode.Unauthorized => (AuthorityFaultKind.NoPermission, ServedFault.HowToSignIn),
            HttpStatusCode.Forbidden => (AuthorityFaultKind.NoPermission, "show a credential of an operator: --token-file, --client-cert"),
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => (AuthorityFaultKind.Throttled, "try again in a minute"),
            HttpStatusCode.RequestEntityTooLarge => (AuthorityFaultKind.Failed, said ?? "send less, such as a part of the folder, or work on the machine of the CA: --ca local:FOLDER"),
            HttpStatusCode.NotFound or HttpStatusCode.MisdirectedRequest => (AuthorityFaultKind.NotFound, said),
            >= HttpStatusCode.InternalServerError => (AuthorityFaultKind.Failed, said ?? "try again; the CA's log tells more"),
            _ => (AuthorityFaultKind.Failed, said),
        };
        return new AuthorityFault(kind, $"'{address}' answered {(int)status}: {Shown(error.Message)}", advice);
    }

    private static string Shown(string text) => text.Length > MaxShown ? text[..MaxShown] : text;
}
