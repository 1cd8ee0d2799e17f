using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessCA.Rules.Tests;

/// <summary>Tests that the rules of <c>docs/architecture/rules.md</c> are tested under the name of their file, or where
/// <c>docs/architecture/vectors.md</c> says.</summary>
public sealed partial class VectorPageTests
{
    private static readonly Row[] Rows = Read();

    [Fact]
    public void Every_line_names_a_file_of_the_rules_once_and_what_tests_it()
    {
        Assert.Equal(Lines("vectors.md").Count(line => line.StartsWith("| ", StringComparison.Ordinal)) - 2, Rows.Length); // head and rule
        Assert.Equal(Rows.Select(row => row.File).Distinct(StringComparer.Ordinal), Rows.Select(row => row.File));
        Assert.Empty(Rows.Select(row => row.File).Except(RuleFiles()));
        Assert.All(Rows, row => Assert.True(row.Tests.Length + row.Cases.Length > 0, row.File));
    }

    [Fact]
    public void A_file_of_rules_without_tests_of_its_name_has_a_line()
    {
        string[] tests = [.. TestFiles().Select(file => Path.GetFileName(file)!)];
        string[] without = [.. RuleFiles().Where(file => !tests.Any(test => IsTestOf(file, test)))];

        Assert.NotEmpty(without);
        Assert.Empty(without.Except(Rows.Select(row => row.File)));
    }

    [Fact]
    public void Every_test_that_a_line_names_exists() =>
        Assert.All(Rows.SelectMany(row => row.Tests), test => Assert.True(File.Exists(Path.Combine(Repository.Root, test)), test));

    [Fact]
    public void Every_case_that_a_line_names_exists_with_what_the_original_answers()
    {
        string[] named = [.. Rows.SelectMany(row => row.Cases).Distinct(StringComparer.Ordinal)];

        Assert.True(named.Length > 20);
        Assert.Empty(named.Except(Cases("scenarios")));
        Assert.Empty(named.Except(Cases("expected")));
    }

    [Theory]
    [InlineData("src/ServerlessCA.Core/Issuance/KeyDecision.cs", "KeyDecisionTests.cs", true)]
    [InlineData("src/ServerlessCA.Core/Issuance/KeyDecision.cs", "KeyDecision.RecreatedCaTests.cs", true)]
    [InlineData("src/ServerlessCA.Core/Issuance/KeyDecision.cs", "MyKeyDecisionTests.cs", false)]
    [InlineData("src/ServerlessCA.Core/Issuance/KeyDecision.cs", "KeyDecisionTestsOfOthers.cs", false)]
    public void A_test_is_found_by_the_name_of_the_file(string file, string test, bool isFound) => Assert.Equal(isFound, IsTestOf(file, test));

    private static bool IsTestOf(string file, string test) =>
        Regex.IsMatch(test, $@"^{Regex.Escape(Path.GetFileNameWithoutExtension(file))}(?:\.\w+)?Tests\.cs$", RegexOptions.CultureInvariant);

    private static IEnumerable<string> TestFiles() => Directory.EnumerateFiles(Repository.At("tests"), "*Tests.cs", SearchOption.AllDirectories);

    private static string[] RuleFiles() => [.. Lines("rules.md").SelectMany(line => Source().Matches(line)).Select(file => file.Groups[1].Value).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> Cases(string folder) => Directory
        .EnumerateFiles(Repository.At("tests", "vectors", folder), "*.json")
        .SelectMany(path =>
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            return document.RootElement.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("case").GetString()!).ToArray();
        });

    private static IEnumerable<string> Lines(string page) => File.ReadLines(Repository.At("docs", "architecture", page));

    private static Row[] Read() =>
    [
        .. Lines("vectors.md").Select(line => Columns().Match(line)).Where(line => line.Success).Select(line => new Row(
            line.Groups["file"].Value,
            [.. Test().Matches(line.Groups["tests"].Value).Select(test => test.Groups[1].Value)],
            [.. Case().Matches(line.Groups["cases"].Value).Select(one => one.Groups[1].Value)])),
    ];

    [GeneratedRegex(@"^\| \[`[^`]+`\]\(\.\./\.\./(?<file>src/[^)]+)\) \| (?<tests>[^|]*)\| (?<cases>[^|]*)\|$")]
    private static partial Regex Columns();

    [GeneratedRegex(@"\]\(\.\./\.\./(src/[^)]+)\)")]
    private static partial Regex Source();

    [GeneratedRegex(@"\]\(\.\./\.\./(tests/[^)]+)\)")]
    private static partial Regex Test();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Case();

    private sealed record Row(string File, string[] Tests, string[] Cases);
}
