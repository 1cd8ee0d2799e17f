using System.Text;
using System.Text.RegularExpressions;
using ServerlessCA.Server.Page;

namespace ServerlessCA.Server.Tests.Page;

public sealed partial class PageFilesTests
{
    private const int MaxLines = 300; // of one module or style sheet

    private static readonly string Folder = Repository.At("src", "ServerlessCA.Server", "Page");

    public static TheoryData<string> Paths => [.. PageFiles.All.Select(file => file.Path)];

    [Fact]
    public void The_document_has_the_title_and_the_published_files_as_text()
    {
        string document = Encoding.UTF8.GetString(PageFiles.Document("<b>\"CA\"</b> & others", ["root.crt", "a b\"<.crl"]));

        Assert.Contains("<title>&lt;b&gt;&quot;CA&quot;&lt;/b&gt; &amp; others</title>", document, StringComparison.Ordinal);
        Assert.Contains("<li><a href=\"root.crt\">root.crt</a></li>", document, StringComparison.Ordinal);
        Assert.Contains("<a href=\"a%20b%22%3C.crl\">a b&quot;&lt;.crl</a>", document, StringComparison.Ordinal);
        Assert.DoesNotContain("data-export", document, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_of_an_export_says_when_it_was_made_and_carries_its_policy()
    {
        string document = Encoding.UTF8.GetString(PageFiles.ExportedDocument("CA", [], new DateTimeOffset(2030, 1, 2, 12, 0, 0, TimeSpan.Zero)));

        Assert.Contains("<html lang=\"en\" data-export=\"2030-01-02T12:00:00Z\">", document, StringComparison.Ordinal);
        Assert.Contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'self';", document, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_has_no_script_and_no_style_of_its_own_and_loads_only_files_of_the_page()
    {
        string document = Encoding.UTF8.GetString(PageFiles.Document("CA", []));

        Assert.DoesNotMatch(@"<style|style=| on\w+=|<script(?![^>]* src=)", document);
        string[] loaded = [.. Loaded().Matches(document).Select(match => match.Groups[1].Value).Where(path => !path.StartsWith('#'))];
        Assert.NotEmpty(loaded);
        Assert.Empty(loaded.Except(PageFiles.All.Select(file => file.Path)));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_file_is_embedded_as_it_is_written_and_short(string path)
    {
        byte[] written = File.ReadAllBytes(Path.Combine(Folder, Path.GetFileName(path)));

        Assert.Equal(written, PageFiles.All.Single(file => file.Path == path).Content.ToArray());
        Assert.InRange(Encoding.UTF8.GetString(written).Split('\n').Length, 1, MaxLines);
    }

    [Fact]
    public void Every_module_imports_only_modules_that_are_there_and_is_imported_itself()
    {
        Dictionary<string, string> modules = PageFiles.All.Where(file => file.Path.EndsWith(".js", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileName(file.Path), file => Encoding.UTF8.GetString(file.Content.Span));
        string[] imported = [.. modules.Values.SelectMany(text => Imported().Matches(text).Select(match => match.Groups[1].Value)), "main.js"];

        Assert.Empty(imported.Except(modules.Keys));
        Assert.Empty(modules.Keys.Except(imported));
    }

    // Whatever a certificate says of itself stays text.
    [Theory]
    [InlineData("innerHTML")]
    [InlineData("outerHTML")]
    [InlineData("insertAdjacentHTML")]
    [InlineData("createContextualFragment")]
    [InlineData("document.write")]
    [InlineData("eval(")]
    [InlineData("new Function")]
    [InlineData("localStorage")]
    [InlineData("sessionStorage")]
    public void No_module_makes_markup_or_code_out_of_text_or_stores_anything(string forbidden) =>
        Assert.DoesNotContain(PageFiles.All, file => Encoding.UTF8.GetString(file.Content.Span).Contains(forbidden, StringComparison.Ordinal));

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Loaded();

    [GeneratedRegex("from \"\\./([^\"]+)\"")]
    private static partial Regex Imported();
}
