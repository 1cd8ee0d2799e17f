using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Api;
using ServerlessCA.Server.Page;

namespace ServerlessCA.Server.Files;

/// <summary>Serves the page for people with a browser, which is embedded in this program: a document, and the scripts, styles and
/// pictures that it loads. It serves them under the server's own names alone, so that no other site can show them as its
/// own.</summary>
internal sealed class PageEndpoint
{
    private const string Revalidate = "no-cache"; // a new version of the program has other files under the same names
    private const string DocumentType = "text/html; charset=utf-8";

    private readonly OwnOrigin origin;
    private readonly Served document;
    private readonly Dictionary<string, Served> files;

    /// <summary>Prepares the files.</summary>
    /// <param name="title">The title of the document.</param>
    /// <param name="published">The names of the published files, which it lists where scripts do not run.</param>
    /// <param name="origin">Knows the server's own names.</param>
    public PageEndpoint(string title, IEnumerable<string> published, OwnOrigin origin)
    {
        this.origin = origin;
        document = Served.Of(DocumentType, PageFiles.Document(title, published));
        files = PageFiles.All.ToDictionary(file => $"/{file.Path}", file => Served.Of(file.MediaType, file.Content), StringComparer.Ordinal);
    }

    /// <summary>Adds the routes to an application: one for each file, so that no name of a request ever becomes a path.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        string[] read = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods("/", read, context => ServeAsync(context, document));
        foreach ((string path, Served file) in files)
        {
            app.MapMethods(path, read, context => ServeAsync(context, file));
        }
    }

    private async Task ServeAsync(HttpContext context, Served file)
    {
        if (!origin.IsOwnHost(context))
        {
            await ApiRefusal.ForeignHost().ToReply().WriteAsync(context);
            return;
        }

        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = Revalidate;
        headers.ContentSecurityPolicy = PageFiles.ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        await TypedResults.Bytes(file.Content, file.MediaType, entityTag: file.Tag).ExecuteAsync(context);
    }

    private sealed record Served(string MediaType, ReadOnlyMemory<byte> Content, EntityTagHeaderValue Tag)
    {
        public static Served Of(string mediaType, ReadOnlyMemory<byte> content) =>
            new(mediaType, content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content.Span))}\""));
    }
}
