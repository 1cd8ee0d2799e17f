using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Texts;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Http;

/// <summary>An answer that is ready to be written. Immutable.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Body">UTF-8 JSON, or empty.</param>
internal sealed record ApiReply(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>The headers that this answer has besides the usual ones.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The media type of the body.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Makes an answer of success with JSON.</summary>
    public static ApiReply Ok<T>(T value) => new(StatusCodes.Status200OK, ServerJson.Utf8(value));

    /// <summary>Makes an answer of success with an object of JSON.</summary>
    public static ApiReply Json(Action<Utf8JsonWriter> members) => new(StatusCodes.Status200OK, JsonText.Utf8(members));

    /// <summary>Makes an answer of success without a body.</summary>
    public static ApiReply Empty(int status) => new(status, default);

    /// <summary>Makes the answer of a fault.</summary>
    public static ApiReply Of(ApiFault fault)
    {
        string side = fault.Status >= StatusCodes.Status500InternalServerError ? "Service" : "User";
        var headers = new List<(string, string)> { ("x-amzn-ErrorType", fault.Type) };
        if (fault.Status == StatusCodes.Status401Unauthorized)
        {
            headers.Add(("WWW-Authenticate", Bearer.Scheme));
        }

        return new ApiReply(fault.Status, ServerJson.Utf8(new ApiFaultBody(side, fault.Message))) { Headers = headers };
    }

    /// <summary>Writes the answer.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.StatusCode = Status;
        foreach ((string name, string value) in Headers)
        {
            response.Headers[name] = value;
        }

        if (Status is StatusCodes.Status204NoContent)
        {
            return;
        }

        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(Body, context.RequestAborted);
        }
    }
}

/// <summary>Says why a call is refused or failed, as AWS does: SDKs turn it into an exception. Immutable.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Type">The error's name, part of the contract of the Lambda API.</param>
/// <param name="Message">A message for people: the mistake and the remedy.</param>
internal sealed record ApiFault(int Status, string Type, string Message)
{
    private const string Name = "the Lambda API of Serverless CA";

    /// <summary>There is no such function, version or alias.</summary>
    public static ApiFault NoFunction(string arn) => new(404, "ResourceNotFoundException", $"Function not found: {arn}");

    /// <summary>There is no such path.</summary>
    public static ApiFault NoPath() => new(404, "ResourceNotFoundException", $"There is nothing here: this is {Name}, and publishes its files by name.");

    /// <summary>The path exists for other methods.</summary>
    public static ApiFault WrongMethod(string allowed) => new(405, "MethodNotAllowedException", $"Use {allowed}.");

    /// <summary>A parameter has an invalid value.</summary>
    public static ApiFault BadValue(string message) => new(400, "InvalidParameterValueException", message);

    /// <summary>A name is not well-formed.</summary>
    public static ApiFault BadName(string message) => new(400, "ValidationException", message);

    /// <summary>The event is not JSON.</summary>
    public static ApiFault BadContent(string message) => new(400, "InvalidRequestContentException", message);

    /// <summary>The event has too many bytes.</summary>
    public static ApiFault TooLarge(int limit) => new(
        413, "RequestTooLargeException", $"Request must be smaller than {limit} bytes for the InvokeFunction operation");

    /// <summary>The event has too many bytes for a caller whose signature is checked with the body.</summary>
    public static ApiFault TooLargeToSign(int limit, int otherwise) => new(
        413, "RequestTooLargeException", $"Request must be smaller than {limit} bytes for the InvokeFunction operation, as its signature covers the body: "
            + $"callers with 'Authorization: Bearer TOKEN' or a client certificate may send {otherwise} bytes");

    /// <summary>The request came too slowly.</summary>
    public static ApiFault TooSlow() => new(408, "RequestTimeoutException", "The request did not come in time: send it again.");

    /// <summary>The request breaks off, or is not HTTP.</summary>
    public static ApiFault Broken() => new(400, "BadRequestException", "The request cannot be read.");

    /// <summary>There are too many requests at once.</summary>
    public static ApiFault TooMany() => new(429, "TooManyRequestsException", "Rate Exceeded.");

    /// <summary>There are no valid credentials.</summary>
    public static ApiFault NotKnown(string message) => new(401, "MissingAuthenticationTokenException", message);

    /// <summary>The credentials do not admit the caller.</summary>
    public static ApiFault NotAdmitted(string type, string message) => new(403, type, message);

    /// <summary>The caller is known, but may not do this.</summary>
    public static ApiFault NotAllowed(string caller, string function, string why) => new(
        403, "AccessDeniedException", $"User: {caller} is not authorized to perform: lambda:InvokeFunction on resource: {function}: {why}.");

    /// <summary>The server has failed. Its log says more.</summary>
    public static ApiFault Internal(string requestId) => new(500, "ServiceException", $"Internal fault: the server's log has more on request {requestId}.");
}

/// <summary>The body of a fault, which has the form of AWS.</summary>
/// <param name="Type"><c>User</c> if the caller can correct it, else <c>Service</c>.</param>
/// <param name="Message">A message for people.</param>
internal sealed record ApiFaultBody(string Type, string Message);
