using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ServerlessCA.Emulators;

/// <summary>Describes one request to a service. Immutable.</summary>
/// <param name="Action">The action as AWS names it: <c>PutItem</c>, <c>Sign</c>, <c>Publish</c>, <c>GetObject</c>,
/// <c>Invoke</c>.</param>
/// <param name="Target">The path and the query.</param>
/// <param name="Body">The body as it was sent.</param>
public sealed record ServiceCall(string Action, string Target, ReadOnlyMemory<byte> Body)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    internal static ServiceCall Of(HttpRequest request, byte[] body) =>
        new(ActionOf(request, body), $"{request.Path}{request.QueryString}", body);

    internal static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    private static string ActionOf(HttpRequest request, byte[] body)
    {
        if (request.Headers.TryGetValue("X-Amz-Target", out var target))
        {
            return target.ToString().Split('.')[^1];
        }

        if (IsForm(request))
        {
            return Encoding.UTF8.GetString(body).Split('&').FirstOrDefault(pair => pair.StartsWith("Action=", StringComparison.Ordinal))?[7..] ?? "";
        }

        string path = request.Path.Value!.TrimEnd('/');
        return path.EndsWith("/invocations", StringComparison.Ordinal) ? "Invoke" : OfStorage(request, path);
    }

    // The operation of S3 on /bucket or /bucket/key.
    private static string OfStorage(HttpRequest request, string path)
    {
        bool isObject = path.Count(c => c == '/') > 1;
        return (request.Method, isObject) switch
        {
            ("GET", true) => "GetObject",
            ("GET", false) => "ListObjectsV2",
            ("HEAD", true) => "HeadObject",
            ("HEAD", false) => "HeadBucket",
            ("PUT", true) => "PutObject",
            ("PUT", false) => "CreateBucket",
            ("DELETE", true) => "DeleteObject",
            _ => $"{request.Method} {path}",
        };
    }
}

/// <summary>Holds an answer that is sent instead of the service's. Immutable.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The media type of the body.</param>
/// <param name="Body">The body as text.</param>
public sealed record ServiceAnswer(int Status, string ContentType, string Body)
{
    /// <summary>The header <c>x-amzn-ErrorType</c>; null for services without it.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Makes an error of a service with a JSON protocol.</summary>
    /// <param name="type">The error's name, such as <c>AccessDeniedException</c>.</param>
    /// <param name="message">The error's message.</param>
    public static ServiceAnswer JsonError(string type, string message) => new(
        400, "application/x-amz-json-1.0", JsonSerializer.Serialize(new Dictionary<string, string> { ["__type"] = type, ["message"] = message }));

    /// <summary>Makes the answer by which the service of this request says that there are too many requests.</summary>
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
