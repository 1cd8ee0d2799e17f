using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ServerlessCA.Core.Settings;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Files;

/// <summary>Serves the JSON Schemas of the files that people write, to anybody: editors read them from here.</summary>
internal static class SchemaEndpoint
{
    private const string Cached = "public, max-age=3600"; // our decision: a new version of the program may have other schemas

    private static readonly ConcurrentDictionary<string, (byte[] Content, EntityTagHeaderValue Tag)> Written = new(StringComparer.Ordinal);

    /// <summary>Responds to GET and HEAD, also to conditional ones (RFC 9110 §13).</summary>
    public static async Task ServeAsync(HttpContext context)
    {
        string file = (string)context.Request.RouteValues["schema"]!;
        if (PublishedSchemas.All.FirstOrDefault(known => known.File == file) is not { } schema)
        {
            await ApiReply.Of(ApiFault.NoPath()).WriteAsync(context);
            return;
        }

        (byte[] content, EntityTagHeaderValue tag) = Written.GetOrAdd(schema.Name, _ => Prepare(schema));
        context.Response.Headers.CacheControl = Cached;
        context.Response.Headers.AccessControlAllowOrigin = "*"; // editors in a browser read it, too: it holds no secret
        await TypedResults.Bytes(content, "application/schema+json", entityTag: tag).ExecuteAsync(context);
    }

    private static (byte[] Content, EntityTagHeaderValue Tag) Prepare(PublishedSchema schema)
    {
        byte[] content = Encoding.UTF8.GetBytes(schema.Write());
        return (content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\""));
    }
}
