namespace ServerlessCA.Server.Http;

/// <summary>Why a call is not carried out, as AWS tells it: SDKs make exceptions of these. Immutable.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Type">The error's name, contract of the Lambda API.</param>
/// <param name="Message">For people: what was wrong, and what to do.</param>
internal sealed record ApiFault(int Status, string Type, string Message)
{
    private const string Name = "the Lambda API of Serverless CA";

    /// <summary>No such function, version or alias.</summary>
    public static ApiFault NoFunction(string arn) => new(404, "ResourceNotFoundException", $"Function not found: {arn}");

    /// <summary>No such path.</summary>
    public static ApiFault NoPath() => new(404, "ResourceNotFoundException", $"There is nothing here: this is {Name}, and publishes its files by name.");

    /// <summary>The path is there, for other methods.</summary>
    public static ApiFault WrongMethod(string allowed) => new(405, "MethodNotAllowedException", $"Use {allowed}.");

    /// <summary>A value that does not do.</summary>
    public static ApiFault BadValue(string message) => new(400, "InvalidParameterValueException", message);

    /// <summary>A name that is no name.</summary>
    public static ApiFault BadName(string message) => new(400, "ValidationException", message);

    /// <summary>The event is no JSON.</summary>
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

    /// <summary>The request breaks off, or is no HTTP.</summary>
    public static ApiFault Broken() => new(400, "BadRequestException", "The request cannot be read.");

    /// <summary>Too much at once.</summary>
    public static ApiFault TooMany() => new(429, "TooManyRequestsException", "Rate Exceeded.");

    /// <summary>No credentials came.</summary>
    public static ApiFault NotKnown(string message) => new(401, "MissingAuthenticationTokenException", message);

    /// <summary>The credentials that came do not admit.</summary>
    public static ApiFault NotAdmitted(string type, string message) => new(403, type, message);

    /// <summary>The caller is known, and may not do that.</summary>
    public static ApiFault NotAllowed(string caller, string function, string why) => new(
        403, "AccessDeniedException", $"User: {caller} is not authorized to perform: lambda:InvokeFunction on resource: {function}: {why}.");

    /// <summary>Ours: the log has more.</summary>
    public static ApiFault Internal(string requestId) => new(500, "ServiceException", $"Internal fault: the server's log has more on request {requestId}.");
}
