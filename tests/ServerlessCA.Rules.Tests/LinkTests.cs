using System.Text.RegularExpressions;

namespace ServerlessCA.Rules.Tests;

/// <summary>Links of the documentation lead somewhere, and files that it names exist. Addresses on the web are checked for their form
/// only, as tests use no network.</summary>
public sealed partial class LinkTests
{
    private static readonly string[] Folders = ["docs", "src", "tests", "eng", "examples", "terraform", "schemas", "benchmarks"];

    // What was true of a version may name files that are gone.
    private static readonly string[] PagesOfThePast = ["CHANGELOG.md"];

    public static TheoryData<string> Pages => [.. MarkdownPage.All.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_to_files_and_headings(string path)
    {
        MarkdownPage page = MarkdownPage.At(path);

        Assert.Empty(page.Links.Select(link => (link.Line, Why: WhyNot(page, link.Text))).Where(link => link.Why is not null)
            .Select(link => $"{path}:{link.Line}: {link.Why}"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Files_that_are_named_in_code_font_exist(string path)
    {
        MarkdownPage page = MarkdownPage.At(path);

        Assert.Empty(page.CodeSpans.Where(span => !PagesOfThePast.Contains(path) && IsFile(span.Text) && !Exists(path, span.Text))
            .Select(span => $"{path}:{span.Line}: there is no {span.Text}"));
    }

    [Fact]
    public void Every_page_of_docs_and_examples_is_reached_from_the_README()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { "README.md" };
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out string? path))
        {
            foreach (string target in MarkdownPage.At(path).Links.Where(link => !IsAddress(link.Text)).Select(link => FileOf(path, link.Text)))
            {
                string page = Directory.Exists(Repository.At(target)) ? $"{target}/README.md" : target;
                if (MarkdownPage.All.Any(known => known.Path == page) && reached.Add(page))
                {
                    next.Enqueue(page);
                }
            }
        }

        Assert.Empty(MarkdownPage.All.Select(page => page.Path)
            .Where(path => path.StartsWith("docs/", StringComparison.Ordinal) || path.StartsWith("examples/", StringComparison.Ordinal)).Except(reached));
    }

    [Fact]
    public void Every_picture_is_described_for_those_who_do_not_see_it() => Assert.Empty(
        MarkdownPage.All.SelectMany(page => Picture().Matches(page.Text).Where(picture => picture.Groups["words"].Value.Trim().Length < 10)
            .Select(picture => $"{page.Path}: {picture.Value}")));

    [Fact]
    public void Every_picture_of_docs_images_is_shown_by_a_page()
    {
        string[] shown = [.. MarkdownPage.All.SelectMany(page => page.Links.Where(link => !IsAddress(link.Text)).Select(link => FileOf(page.Path, link.Text)))];
        string[] pictures = [.. Directory.EnumerateFiles(Repository.At("docs", "images")).Select(file => $"docs/images/{Path.GetFileName(file)}")];

        Assert.NotEmpty(pictures);
        Assert.Empty(pictures.Except(shown));
    }

    [Fact]
    public void There_are_links_of_every_kind_to_check()
    {
        string[] targets = [.. MarkdownPage.All.SelectMany(page => page.Links).Select(link => link.Text)];

        Assert.True(targets.Length > 300, $"{targets.Length} links");
        Assert.Contains(targets, target => target.Contains(".md#", StringComparison.Ordinal));
        Assert.Contains(targets, target => target.StartsWith('#'));
        Assert.Contains(targets, target => target.EndsWith(".cs", StringComparison.Ordinal));
        Assert.Contains(targets, IsAddress);
        Assert.True(MarkdownPage.All.SelectMany(page => page.CodeSpans).Count(span => IsFile(span.Text)) > 50);
    }

    [Theory]
    [InlineData("[a](#two-words) `x`", null)]
    [InlineData("[a](README.md)", null)]
    [InlineData("[a `b`](docs/../README.md#two-commands)", null)]
    [InlineData("[a](#three-words)", "README.md has no heading for #three-words")]
    [InlineData("[a\nb](docs/nowhere.md)", "there is no docs/nowhere.md")]
    [InlineData("[a](../outside.md)", "../outside.md is outside of the repository")]
    [InlineData("[a](/README.md)", "/README.md begins at the root of a site")]
    [InlineData("[a](http://example.com/)", "http://example.com/ is not https")]
    [InlineData("[a](https://)", "https:// is no address")]
    [InlineData("`[a](nowhere.md)`", null)]
    [InlineData("```text\n[a](nowhere.md)\n```", null)]
    public void A_link_is_wrong_for_one_reason(string text, string? why)
    {
        MarkdownPage page = MarkdownPage.Parse("README.md", $"# Two words\n\n{text}\n");

        Assert.Equal(why, page.Links.Select(link => WhyNot(page, link.Text)).SingleOrDefault());
    }

    private static string? WhyNot(MarkdownPage page, string target)
    {
        if (IsAddress(target))
        {
            return !Uri.TryCreate(target, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeMailto && address.Host.Length == 0) ? $"{target} is no address"
                : address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback ? $"{target} is not https"
                : null;
        }

        string file = FileOf(page.Path, target);
        string anchor = target.Contains('#', StringComparison.Ordinal) ? target[(target.IndexOf('#', StringComparison.Ordinal) + 1)..] : "";
        MarkdownPage? other = target.StartsWith('#') ? page : MarkdownPage.All.SingleOrDefault(known => known.Path == file);
        return target.StartsWith('/') ? $"{target} begins at the root of a site"
            : file.StartsWith("..", StringComparison.Ordinal) ? $"{target} is outside of the repository"
            : !Path.Exists(Repository.At(file)) ? $"there is no {file}"
            : anchor.Length > 0 && other?.Anchors.Contains(anchor) != true ? $"{file} has no heading for #{anchor}"
            : null;
    }

    private static bool IsAddress(string target) => Scheme().IsMatch(target);

    private static string FileOf(string page, string target) => target.StartsWith('#') ? page : Path.GetRelativePath(
        Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, target.Split('#')[0]))).Replace('\\', '/');

    private static bool IsFile(string code) => FilePath().IsMatch(code) && Folders.Contains(code.Split('/')[0]);

    // A page may name a file from the repository on, or from its own folder on.
    private static bool Exists(string page, string file) =>
        new[] { Repository.Root, Path.GetDirectoryName(Repository.At(page))! }.Any(folder => file.Contains('*', StringComparison.Ordinal)
            ? Directory.Exists(Path.Combine(folder, Path.GetDirectoryName(file)!)) && Directory.EnumerateFileSystemEntries(Path.Combine(folder, Path.GetDirectoryName(file)!), Path.GetFileName(file)).Any()
            : Path.Exists(Path.Combine(folder, file)));

    [GeneratedRegex(@"!\[(?<words>[^\]]*)\]\(")]
    private static partial Regex Picture();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:")]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^[\w.-]+(?:/[\w.*-]+)+/?$")]
    private static partial Regex FilePath();
}
