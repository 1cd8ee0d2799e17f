using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;

namespace ServerlessCA.Server.Page;

/// <summary>Holds the files of the page that people see in a browser. They are embedded in this program as they are written: no
/// step builds them.</summary>
public static class PageFiles
{
    /// <summary>Is the policy under which the page works: nothing but its own files, no script or style inside the document.</summary>
    public const string ContentSecurityPolicy = PolicyOfDocument + "; frame-ancestors 'none'";

    private const string PolicyOfDocument =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; form-action 'none'; base-uri 'none'";

    private const string Prefix = "page/";
    private const string IndexName = Prefix + "index.html";

    // What the document has where these texts are to be put; tests find each of them once.
    private const string Root = "<html lang=\"en\">";
    private const string Title = "<title>Certificate authority</title>";
    private const string List = "<ul></ul>";
    private const string Charset = "<meta charset=\"utf-8\">";

    /// <summary>Is every file beside the document: scripts, styles and pictures, with a path such as <c>page/main.js</c>.</summary>
    public static readonly IReadOnlyList<PageFile> All = [.. Names().Where(name => name != IndexName).Order(StringComparer.Ordinal)
        .Select(name => new PageFile(name, MediaTypeOf(name), Read(name)))];

    /// <summary>Returns the document as a server sends it.</summary>
    /// <param name="title">The name of the CA, for people; written as text, whatever is in it.</param>
    /// <param name="publishedFiles">The names of the files that are listed where scripts do not run.</param>
    public static byte[] Document(string title, IEnumerable<string> publishedFiles) => Write(title, publishedFiles, exported: null);

    /// <summary>Returns the document of a static export, which says of itself when it was made and carries its policy with it.</summary>
    /// <param name="title">As for <see cref="Document"/>.</param>
    /// <param name="publishedFiles">As for <see cref="Document"/>.</param>
    /// <param name="exported">When the export was made, UTC.</param>
    public static byte[] ExportedDocument(string title, IEnumerable<string> publishedFiles, DateTimeOffset exported) =>
        Write(title, publishedFiles, exported);

    private static byte[] Write(string title, IEnumerable<string> publishedFiles, DateTimeOffset? exported)
    {
        HtmlEncoder html = HtmlEncoder.Default;
        string items = string.Concat(publishedFiles.Select(file =>
            $"\n<li><a href=\"{html.Encode(Uri.EscapeDataString(file))}\">{html.Encode(file)}</a></li>"));
        string text = Encoding.UTF8.GetString(Read(IndexName).Span)
            .Replace(Title, $"<title>{html.Encode(title)}</title>", StringComparison.Ordinal)
            .Replace(List, $"<ul>{items}\n</ul>", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(exported is { } time ? AsExport(text, time) : text);
    }

    // A bucket sends no header of ours, so the policy stands in the document, where frame-ancestors does not count.
    private static string AsExport(string document, DateTimeOffset time) => document
        .Replace(Root, string.Create(CultureInfo.InvariantCulture, $"<html lang=\"en\" data-export=\"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\">"), StringComparison.Ordinal)
        .Replace(Charset, $"{Charset}\n<meta http-equiv=\"Content-Security-Policy\" content=\"{PolicyOfDocument}\">", StringComparison.Ordinal);

    private static IEnumerable<string> Names() =>
        typeof(PageFiles).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    private static ReadOnlyMemory<byte> Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string MediaTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new NotSupportedException($"a file of the page has an unknown kind: {name}"),
    };
}

/// <summary>Holds one file of the page. Immutable.</summary>
/// <param name="Path">Where it is served, relative to the document.</param>
/// <param name="MediaType">The value of <c>Content-Type</c>.</param>
/// <param name="Content">The bytes of the file.</param>
public sealed record PageFile(string Path, string MediaType, ReadOnlyMemory<byte> Content);
