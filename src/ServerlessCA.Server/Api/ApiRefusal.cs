using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Requests;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Api;

/// <summary>Says why a call of <c>/api/v1</c> is refused or failed. Codes are stable, texts are for people. Immutable.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Code">The code, for programs.</param>
/// <param name="Message">What was wrong, and where.</param>
/// <param name="Hint">What to do; null: nothing helps but what the message says.</param>
internal sealed record ApiRefusal(int Status, string Code, string Message, string? Hint = null)
{
    /// <summary>Helps who writes a serial number in another form.</summary>
    public const string SerialHint = "Write it in decimal, or in hexadecimal with colons.";

    private const string BadParameterCode = "bad_parameter";
    private const string BadBodyCode = "bad_body";
    private const string TooManyCode = "too_many";
    private const string NotAllowedCode = "not_allowed";
    private const string InternalCode = "internal";

    // A request that is too large has this code, too, when the CA itself refuses it.
    private static readonly string TooLargeCode = RejectionCodes.NameOf(RejectionCode.TooLarge);

    /// <summary>The headers that the answer has besides the usual ones.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Nobody knows the caller.</summary>
    public static ApiRefusal NotSignedIn(string message, string? hint) => new(StatusCodes.Status401Unauthorized, "not_signed_in", message, hint)
    {
        Headers = [("WWW-Authenticate", Bearer.Scheme)],
    };

    /// <summary>The caller may not do this.</summary>
    public static ApiRefusal NotAllowed(string message, string? hint) => new(StatusCodes.Status403Forbidden, NotAllowedCode, message, hint);

    /// <summary>A web page of another site makes the call.</summary>
    public static ApiRefusal ForeignOrigin() => new(
        StatusCodes.Status403Forbidden, "foreign_origin", "Another web page makes this call: only the page of this server may.", "Open the page of this server itself.");

    /// <summary>The request was sent to a name that is not the server's.</summary>
    public static ApiRefusal ForeignHost() => new(
        StatusCodes.Status421MisdirectedRequest, "foreign_host", "This server does not have the name in the header Host.",
        "Use a name of the server's certificate, or on the machine itself localhost.");

    /// <summary>There is no such thing.</summary>
    public static ApiRefusal NotFound(string message, string? hint = null) => new(StatusCodes.Status404NotFound, "not_found", message, hint);

    /// <summary>There is no certificate of that name or serial number.</summary>
    public static ApiRefusal NoCertificate() => NotFound("There is no such certificate.", "GET /api/v1/certificates lists them; case counts.");

    /// <summary>A parameter is not known, or has a value that cannot be used.</summary>
    public static ApiRefusal BadParameter(string message, string? hint = null) => new(StatusCodes.Status400BadRequest, BadParameterCode, message, hint);

    /// <summary>The body cannot be used.</summary>
    public static ApiRefusal BadBody(string message, string? hint = null) => new(StatusCodes.Status400BadRequest, BadBodyCode, message, hint);

    /// <summary>The body is not declared as JSON.</summary>
    public static ApiRefusal NotJson() => new(
        StatusCodes.Status415UnsupportedMediaType, BadBodyCode, "The body is not declared as JSON.", "Send the header Content-Type: application/json.");

    /// <summary>The body has too many bytes.</summary>
    public static ApiRefusal TooLarge(int limit) => new(
        StatusCodes.Status413PayloadTooLarge,
        TooLargeCode,
        limit == 0 ? "This call takes no body." : string.Create(CultureInfo.InvariantCulture, $"The body has more than {limit} bytes."),
        limit == 0 ? "Send none." : null);

    /// <summary>The path exists for other methods.</summary>
    public static ApiRefusal WrongMethod(string allowed) => new(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"Use {allowed}.");

    /// <summary>There are too many attempts or bodies at once.</summary>
    public static ApiRefusal TooMany(string message, string hint) => new(StatusCodes.Status429TooManyRequests, TooManyCode, message, hint)
    {
        Headers = [("Retry-After", "60")],
    };

    /// <summary>What exists does not allow this.</summary>
    public static ApiRefusal Conflict(string message, string? hint) => new(StatusCodes.Status409Conflict, "conflict", message, hint);

    /// <summary>It cannot be done now, and can be later.</summary>
    public static ApiRefusal Busy(string message) => new(StatusCodes.Status503ServiceUnavailable, "busy", message, "Send the request again later.")
    {
        Headers = [("Retry-After", "10")],
    };

    /// <summary>The server has failed.</summary>
    public static ApiRefusal Internal(string message, string? hint = null) => new(StatusCodes.Status500InternalServerError, InternalCode, message, hint);

    /// <summary>Translates what the parts that the Lambda API shares with this one say.</summary>
    /// <param name="fault">The fault in the words of the Lambda API.</param>
    /// <param name="maxBody">The most bytes that the call takes.</param>
    public static ApiRefusal Of(ApiFault fault, int maxBody) => fault.Status switch
    {
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => NotSignedIn(fault.Message, null),
        StatusCodes.Status404NotFound => NotFound("The API has no such path.", "GET /api/v1/openapi.json lists its paths."),
        StatusCodes.Status405MethodNotAllowed => new(fault.Status, "method_not_allowed", fault.Message),
        StatusCodes.Status408RequestTimeout => new(fault.Status, "too_slow", fault.Message),
        StatusCodes.Status413PayloadTooLarge => TooLarge(maxBody),
        StatusCodes.Status429TooManyRequests => TooMany("The server holds as many bodies as it can.", "Send the request again later."),
        >= StatusCodes.Status500InternalServerError => Internal(fault.Message),
        _ => BadBody(fault.Message),
    };

    /// <summary>Returns the answer.</summary>
    public ApiReply ToReply() => ApiReply.Json(writer => ErrorDocument.Write(writer, new ApiError(Code, Message, Hint))) with { Status = Status, Headers = Headers };
}
