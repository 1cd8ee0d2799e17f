using System.Text.RegularExpressions;

namespace ServerlessCA.HowTo.Tests;

/// <summary>Tests what all how-to pages have in common.</summary>
public sealed partial class IndexTests
{
    private static readonly string[] Languages =
        ["sh", "console", "text", "nginx", "haproxy", "ini", "java", "csharp", "go", "python", "js", "yaml", "json", "properties", "hcl"];

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(HowToPage.Folder, "*.md").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_index_names_every_page_and_no_other()
    {
        string index = File.ReadAllText(Path.Combine(HowToPage.Folder, "README.md"));

        string[] named = [.. Row().Matches(index).Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal)];

        Assert.Equal(Pages.Select(page => page.Data).Where(page => page != "README"), named);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Each_block_has_a_language_that_is_known(string page)
    {
        string[] fences = [.. File.ReadLines(Path.Combine(HowToPage.Folder, $"{page}.md")).Where(line => line.TrimStart().StartsWith("```", StringComparison.Ordinal))];

        Assert.Equal(fences.Length, 2 * HowToPage.Read(page).Blocks.Count);
        Assert.All(HowToPage.Read(page).Blocks, block => Assert.Contains(block.Language, Languages));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Each_page_says_how_to_check_and_what_to_do_later(string page)
    {
        string[] headings = [.. File.ReadLines(Path.Combine(HowToPage.Folder, $"{page}.md")).Where(line => line.StartsWith("## ", StringComparison.Ordinal))];

        Assert.All(page == "README" ? [] : new[] { "## Check", "## When it expires", "## When it goes wrong" }, heading => Assert.Contains(heading, headings));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_to_files_and_headings(string page) => Assert.All(
        Link().Matches(File.ReadAllText(Path.Combine(HowToPage.Folder, $"{page}.md"))),
        link =>
        {
            string file = Path.Combine(HowToPage.Folder, link.Groups[1].Value);
            Assert.True(Path.Exists(file), link.Value);
            Assert.True(link.Groups[2].Length == 0 || Anchors(file).Contains(link.Groups[2].Value[1..]), link.Value);
        });

    [Fact]
    public void The_timer_is_one_by_the_rules_of_systemd()
    {
        ForeignProgram.SkipUnlessInstalled("systemd-analyze", "systemd");
        using var folder = new TemporaryFolder();
        string[] units = [.. HowToPage.Read("README").Blocks.Where(block => block.Language == "ini").Select(block => folder.Write(block.File!, block.Text))];

        Assert.Equal(2, units.Length);
        Assert.Equal("", ForeignProgram.OutputIn(folder.Path, "systemd-analyze", ["verify", "--man=no", .. units]));
    }

    // As GitHub makes them.
    private static IEnumerable<string> Anchors(string file) => File.ReadLines(file).Where(line => line.StartsWith('#'))
        .Select(line => NoLetter().Replace(line.TrimStart('#', ' ').ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"^\| \[[^\]]+\]\(([a-z-]+)\.md\)", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\]\(([^)#:]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w -]")]
    private static partial Regex NoLetter();
}
