using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Server.Files;

/// <summary>Serves a plain page that lists the published files, for people with a browser.</summary>
internal sealed class IndexPage(CaNames names, IEnumerable<string> files)
{
    private readonly byte[] page = Encoding.UTF8.GetBytes(Html(names, files));

    /// <summary>Responds to GET and HEAD.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = page.Length;
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(page, context.RequestAborted);
        }
    }

    private static string Html(CaNames names, IEnumerable<string> files)
    {
        HtmlEncoder html = HtmlEncoder.Default;
        string title = html.Encode($"{names.Project}, {names.Environment}: certificate authority");
        string items = string.Concat(files.Select(file =>
            $"<li><a href=\"/{html.Encode(Uri.EscapeDataString(file))}\">{html.Encode(file)}</a></li>\n"));
        return $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
            <body><main>
            <h1>{title}</h1>
            <p>CA certificates (.crt in PEM, .cer in DER), revocation lists (.crl) and the bundle of both CAs:</p>
            <ul>
            {items}</ul>
            <p><a href="/health">Health</a> of this CA.</p>
            </main></body>
            </html>

            """;
    }
}
