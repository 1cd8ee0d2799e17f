using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Access;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Api;

/// <summary>Answers with the description of the API (OpenAPI 3.1), which is embedded in this program.</summary>
internal static class OpenApiEndpoint
{
    private const string Name = "openapi.json";

    /// <summary>The call.</summary>
    public static ApiOperation Operation { get; } = new(HttpMethods.Get, "/openapi.json", ApiCall.Open, _ => Task.FromResult(new ApiReply(StatusCodes.Status200OK, Document)));

    /// <summary>The document, UTF-8.</summary>
    public static ReadOnlyMemory<byte> Document { get; } = Read();

    private static byte[] Read()
    {
        using Stream stream = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream(Name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
