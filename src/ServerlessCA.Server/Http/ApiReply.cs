using Microsoft.AspNetCore.Http;
using ServerlessCA.Server.Access;

namespace ServerlessCA.Server.Http;

/// <summary>An answer, ready to be written. Immutable.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Body">UTF-8 JSON, or empty.</param>
internal sealed record ApiReply(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Further headers.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Done, with JSON.</summary>
    public static ApiReply Ok<T>(T value) => new(StatusCodes.Status200OK, ServerJson.Utf8(value));

    /// <summary>Done, with nothing to say.</summary>
    public static ApiReply Empty(int status) => new(status, default);

    /// <summary>Not done.</summary>
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

    /// <summary>Writes it.</summary>
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

        response.ContentType = "application/json";
        response.ContentLength = Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(Body, context.RequestAborted);
        }
    }
}
