using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ServerlessCA.Emulators;

/// <summary>An answer in place of the service's. Immutable.</summary>
/// <param name="Status">HTTP.</param>
/// <param name="ContentType">Of the body.</param>
/// <param name="Body">What it says.</param>
public sealed record ServiceAnswer(int Status, string ContentType, string Body)
{
    /// <summary>The header <c>x-amzn-ErrorType</c>, of services that have it.</summary>
    public string? ErrorType { get; init; }

    /// <summary>An error of a service that speaks JSON.</summary>
    /// <param name="type">Such as <c>AccessDeniedException</c>.</param>
    /// <param name="message">What it says.</param>
    public static ServiceAnswer JsonError(string type, string message) => new(
        400, "application/x-amz-json-1.0", JsonSerializer.Serialize(new Dictionary<string, string> { ["__type"] = type, ["message"] = message }));

    /// <summary>Too many requests, as the service of this request says it.</summary>
    internal static ServiceAnswer Throttled(HttpRequest request, ServiceCall call)
    {
        const string Words = "Rate exceeded";
        if (request.Headers.TryGetValue("X-Amz-Target", out var target))
        {
            return target.ToString().StartsWith("DynamoDB", StringComparison.Ordinal)
                ? JsonError("com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", Words)
                : JsonError("ThrottlingException", Words);
        }

        return ServiceCall.IsForm(request)
            ? new(400, "text/xml", $"<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>{Words}</Message></Error></ErrorResponse>")
            : call.Action == "Invoke"
                ? new(429, "application/json", $$"""{"Type":"User","message":"{{Words}}"}""") { ErrorType = "TooManyRequestsException" }
                : new(503, "application/xml", $"<Error><Code>SlowDown</Code><Message>{Words}</Message></Error>");
    }
}
