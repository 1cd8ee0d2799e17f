using System.Text.RegularExpressions;

namespace ServerlessCA.Rules.Tests;

/// <summary>The walks of <c>docs/architecture/walks.md</c> are those of the code, and short.</summary>
public sealed partial class WalkTests
{
    private const int MaxFiles = 12;

    private static readonly (string Name, string[] Files)[] Walks = Read();

    [Fact]
    public void There_is_a_walk_for_each_way_into_the_core() => Assert.Equal(
        [
            "A request by `serve`", "A call of the API", "A request by Lambda", "A request by the CLI against AWS", "A run on this machine", "A CRL", "A reminder",
        ],
        Walks.Select(walk => walk.Name));

    [Fact]
    public void Every_file_of_a_walk_exists() =>
        Assert.All(Walks.SelectMany(walk => walk.Files), file => Assert.True(File.Exists(Path.Combine(Repository.Root, file)), file));

    [Fact]
    public void Every_line_of_a_walk_names_its_file() =>
        Assert.Equal(Regex.Count(File.ReadAllText(Page), @"^\d+\. ", RegexOptions.Multiline), Walks.Sum(walk => walk.Files.Length));

    [Fact]
    public void No_walk_has_more_than_12_files() => Assert.All(Walks, walk => Assert.InRange(walk.Files.Length, 5, MaxFiles));

    [Fact]
    public void No_walk_passes_a_file_twice() => Assert.All(Walks, walk => Assert.Equal(walk.Files.Distinct(StringComparer.Ordinal), walk.Files));

    // Behind a port no caller knows the file: it says itself what it stands for.
    [Fact]
    public void Each_file_of_a_walk_is_named_by_one_before_it_or_stands_behind_an_interface() => Assert.All(Walks, walk => Assert.Empty(
        walk.Files.Skip(1).Where((file, place) =>
            !walk.Files.Take(place + 1).Any(before => SourceTree.TypesOf(file).Any(type => Word(type).IsMatch(SourceTree.CodeOf(before))))
            && !Implements().IsMatch(SourceTree.CodeOf(file)))));

    // What a sentence names in code's letters is a type of src, unless it is a word of people's files, settings or commands.
    [Fact]
    public void Every_type_that_a_walk_names_exists()
    {
        HashSet<string> types = [.. SourceTree.Paths().SelectMany(SourceTree.TypesOf)];
        string[] named = [.. NamedType().Matches(File.ReadAllText(Page)).Select(type => type.Groups[1].Value)];

        Assert.True(named.Length > 30);
        Assert.Empty(named.Except(types));
    }

    private static string Page => Path.Combine(Repository.Root, "docs", "architecture", "walks.md");

    private static (string Name, string[] Files)[] Read() =>
    [
        .. File.ReadAllText(Page).Split("\n## ").Skip(1).Select(walk =>
            (walk[..walk.IndexOf('\n', StringComparison.Ordinal)].Trim(), Link().Matches(walk).Select(link => link.Groups[1].Value).ToArray())),
    ];

    private static Regex Word(string type) => new($@"\b{type}\b", RegexOptions.CultureInvariant);

    [GeneratedRegex(@"^\d+\. \[[^\]]+\]\(\.\./\.\./(src/[^)]+)\)", RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex(@"\bclass \w+[^{;]*:\s*I[A-Z]\w+", RegexOptions.Singleline)]
    private static partial Regex Implements();

    [GeneratedRegex(@"`([A-Z][a-z]+(?:[A-Z]\w+)?|I[A-Z]\w+)`")]
    private static partial Regex NamedType();
}
