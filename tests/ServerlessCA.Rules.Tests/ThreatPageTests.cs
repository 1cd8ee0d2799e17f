using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessCA.Rules.Tests;

/// <summary>Every threat of <c>docs/threat-model.md</c> names tests that exist, and every weakness of the original has its row.</summary>
public sealed partial class ThreatPageTests
{
    private const int Weaknesses = 41;

    private static readonly string Page = File.ReadAllText(Repository.At("docs", "threat-model.md"));
    private static readonly string[][] Threats = Rows("## Threats");
    private static readonly string[][] Known = Rows("## Weaknesses of the original");

    [Fact]
    public void Every_threat_names_what_stops_it_and_a_test()
    {
        Assert.True(Threats.Length >= 40, $"{Threats.Length} threats");
        Assert.All(Threats, row => Assert.True(row.Length == 3 && row[1].Length > 0 && TestName().IsMatch(row[2]), row[0]));
        Assert.Equal(Threats.Select(row => row[0]).Distinct(StringComparer.Ordinal), Threats.Select(row => row[0]));
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        ILookup<string, string> classes = Directory.EnumerateFiles(Repository.At("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal) && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .SelectMany(code => ClassName().Matches(code).Select(found => (Class: found.Groups["class"].Value, Code: code)))
            .ToLookup(one => one.Class, one => one.Code, StringComparer.Ordinal);

        Assert.Empty(Threats.Concat(Known).SelectMany(row => TestName().Matches(row[^1]))
            .Where(test => !classes[test.Groups["class"].Value].Any(code => Regex.IsMatch(code, $@"\b(?:Task|void) {test.Groups["test"].Value}\(")))
            .Select(test => test.Value).Distinct());
    }

    [Fact]
    public void The_weaknesses_are_complete_each_by_a_name_a_clause_and_what_shows_it()
    {
        Assert.Equal(Weaknesses, Known.Length);
        Assert.Equal(Known.Select(row => row[0]).Distinct(StringComparer.Ordinal), Known.Select(row => row[0]));
        Assert.All(Known, row => Assert.True(row.Length == 3 && Clause().IsMatch(row[1]) && (TestName().IsMatch(row[2]) || CaseName().IsMatch(row[2])), row[0]));
    }

    [Fact]
    public void Every_case_in_which_the_original_does_what_nobody_wants_belongs_to_one_weakness()
    {
        string[] bugs = [.. Directory.EnumerateFiles(Repository.At("tests", "vectors", "scenarios"), "*.json").SelectMany(BugsOf).Order(StringComparer.Ordinal)];
        string[] named = [.. Known.SelectMany(row => CaseName().Matches(row[2])).Select(found => found.Groups["case"].Value).Order(StringComparer.Ordinal)];

        Assert.True(bugs.Length > 100, $"{bugs.Length} cases");
        Assert.Equal(bugs, named);
    }

    private static string[] BugsOf(string file)
    {
        using var scenarios = JsonDocument.Parse(File.ReadAllText(file));
        return [.. scenarios.RootElement.GetProperty("cases").EnumerateArray().Where(one => one.GetProperty("class").GetString() == "bug").Select(one => one.GetProperty("case").GetString()!)];
    }

    // The rows of all tables up to the next heading of the same level, without heads and rules.
    private static string[][] Rows(string heading)
    {
        string section = Page.Split($"\n{heading}\n")[1].Split("\n## ")[0];
        string[] lines = section.Split('\n');
        return [.. lines.Where((line, at) => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal)
            && (at + 1 == lines.Length || !lines[at + 1].StartsWith("| ---", StringComparison.Ordinal))).Select(line => line.Trim('|', ' ').Split(" | "))];
    }

    [GeneratedRegex(@"`(?<class>\w+)\.(?<test>[A-Z]\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"^public [a-z ]*class (?<class>\w+)", RegexOptions.Multiline)]
    private static partial Regex ClassName();

    [GeneratedRegex("`(?<case>[a-z0-9-]+/[a-z0-9-]+)`")]
    private static partial Regex CaseName();

    [GeneratedRegex(@"contract\.md#12\d+")]
    private static partial Regex Clause();
}
