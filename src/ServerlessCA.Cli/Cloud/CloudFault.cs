using System.Text.Json;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Lambda;
using ServerlessCA.Cli.Authorities;

namespace ServerlessCA.Cli.Cloud;

/// <summary>Turns failed calls of AWS into faults with a clear message.</summary>
internal static class CloudFault
{
    private const int MaxShown = 300; // characters of a foreign message

    /// <summary>Builds the fault of a call that failed.</summary>
    /// <param name="fault">The exception of the call.</param>
    /// <param name="permission">The permission that may be missing, as a phrase for the hint.</param>
    /// <param name="mayBeIssued">Whether the call issues a certificate if it works.</param>
    public static AuthorityFault Of(AwsCallException fault, string permission, bool mayBeIssued)
    {
        (AuthorityFaultKind kind, string hint) = fault switch
        {
            { Status: null } => (AuthorityFaultKind.Unreachable, "check network, region and the AWS_ENDPOINT_URL variables, and try again"),
            { IsThrottling: true } => (AuthorityFaultKind.Throttled, "AWS wants fewer calls: try again in a minute"),
            _ when IsDenied(fault) => (AuthorityFaultKind.NoPermission, permission),
            { Code: "ExpiredTokenException" or "ExpiredToken" } => (AuthorityFaultKind.NoPermission, "the login has expired: log in again, such as with 'aws sso login'"),
            { Code: "UnrecognizedClientException" or "InvalidSignatureException" or "InvalidClientTokenId" or "SignatureDoesNotMatch" or "MissingAuthenticationTokenException" } =>
                (AuthorityFaultKind.NoPermission, "check the credentials, and this machine's clock"),
            _ => (AuthorityFaultKind.Failed, "try again; the functions' logs in CloudWatch tell more"),
        };
        return new AuthorityFault(kind, Cut(fault.Message), hint, mayBeIssued && fault.MayHaveWorked, fault);
    }

    /// <summary>Says whether the caller lacks the permission.</summary>
    public static bool IsDenied(AwsCallException fault) => fault.Code is "AccessDeniedException" or "AccessDenied" or "UnauthorizedOperation";

    /// <summary>Builds the fault of a function that failed: its answer is an error, not a refusal.</summary>
    public static AuthorityFault OfFunction(string function, InvokeResult answer) => new(
        AuthorityFaultKind.Failed, $"the function '{function}' failed: {Reason(answer.Payload)}",
        $"try again; its log tells more: /aws/lambda/{function}", mayBeIssued: true);

    /// <summary>Reads the error that a function ended with, as Lambda reports it: type and message.</summary>
    /// <param name="json">An object with <c>errorType</c> and <c>errorMessage</c>, or anything else.</param>
    public static string Reason(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument error = JsonDocument.Parse(json);
            string?[] parts = [Text(error.RootElement, "errorType"), Text(error.RootElement, "errorMessage")];
            string reason = string.Join(": ", parts.Where(part => !string.IsNullOrEmpty(part)));
            return reason.Length > 0 ? Cut(reason) : "it does not say why";
        }
        catch (JsonException)
        {
            return "it does not say why";
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Cut(string text) => text.Length > MaxShown ? $"{text[..MaxShown]}…" : text;
}
