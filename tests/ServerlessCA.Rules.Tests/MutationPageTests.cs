using System.Text.RegularExpressions;

namespace ServerlessCA.Rules.Tests;

/// <summary>Tests that the patches of <c>tests/mutants</c> still fit the source, and that <c>docs/architecture/mutations.md</c> names each with what
/// caught it. <c>eng/mutants</c> runs for hours, and a patch that fits no more would be found out too late.</summary>
public sealed partial class MutationPageTests
{
    private static readonly string[] Patches = [.. Directory.EnumerateFiles(Repository.At("tests", "mutants"), "*.patch").Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_line_that_a_mutation_changes_is_in_its_file()
    {
        Assert.NotEmpty(Patches);
        Assert.All(Patches, patch =>
        {
            (string Path, string Line)[] changed = [.. ChangedBy(File.ReadLines(patch))];
            Assert.NotEmpty(changed);
            Assert.All(changed, one => Assert.Contains(one.Line, File.ReadLines(Path.Combine(Repository.Root, one.Path))));
        });
    }

    [Fact]
    public void The_page_names_every_mutation_once() => Assert.Equal(
        Patches.Select(Path.GetFileNameWithoutExtension),
        File.ReadLines(Repository.At("docs", "architecture", "mutations.md")).Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal));

    [Fact]
    public void A_changed_line_is_found_with_the_file_that_it_is_in() => Assert.Equal(
        [("src/A.cs", "    old();")], ChangedBy(["A mutation.", "--- a/src/A.cs", "+++ b/src/A.cs", "@@ -1,2 +1,2 @@", " {", "-    old();", "+    other();"]));

    // A patch that only adds lines is known by those around them.
    private static List<(string Path, string Line)> ChangedBy(IEnumerable<string> patch)
    {
        string path = "";
        var around = new List<(string Path, string Line)>();
        var removed = new List<(string Path, string Line)>();
        foreach (string line in patch)
        {
            if (line.StartsWith("+++ b/", StringComparison.Ordinal))
            {
                path = line["+++ b/".Length..];
            }
            else if (path.Length > 0 && line is ['-' or ' ', .. var text] && !line.StartsWith("--- ", StringComparison.Ordinal))
            {
                (line[0] == '-' ? removed : around).Add((path, text));
            }
        }

        return removed.Count > 0 ? removed : around;
    }

    [GeneratedRegex(@"^\| `([a-z0-9-]+)` \|")]
    private static partial Regex Row();
}
