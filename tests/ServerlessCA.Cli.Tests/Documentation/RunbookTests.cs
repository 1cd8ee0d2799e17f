using System.Text.RegularExpressions;

namespace ServerlessCA.Cli.Tests.Documentation;

/// <summary>Checks the form of the runbooks in <c>docs/operations/runbooks</c>: each has the same parts in the same order, and says of every
/// step which test rehearsed it, or that none did and why. Their commands are read by <see cref="ExampleTests"/>.</summary>
public sealed partial class RunbookTests
{
    private const string Folder = "docs/operations/runbooks/";

    private static readonly string[] Parts =
        ["Signs", "The first five minutes", "Steps", "How to know that it is over", "Whom to tell what", "Rehearsed"];

    // The methods of each class of tests, by its name; a few classes of several projects have one name.
    private static readonly ILookup<string, string> Methods = Directory
        .EnumerateFiles(Repository.At("tests"), "*Tests.cs", SearchOption.AllDirectories)
        .ToLookup(file => Path.GetFileName(file).Split('.')[0], File.ReadAllText);

    public static TheoryData<string> Runbooks => [.. MarkdownPage.All.Select(page => page.Path).Where(path => path.StartsWith(Folder, StringComparison.Ordinal))];

    [Fact]
    public void There_is_a_runbook_for_each_thing_that_happens_to_a_CA() => Assert.Equal(
        ["back-up", "ca-key", "destroy", "issuing-ca-compromised", "region", "restore-tables", "role-leaked", "upgrade"],
        MarkdownPage.All.Where(page => page.Path.StartsWith(Folder, StringComparison.Ordinal)).Select(page => Path.GetFileNameWithoutExtension(page.Path)));

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void It_has_the_parts_that_one_looks_for_at_night_in_their_order(string path) =>
        Assert.Equal(Parts, PartHeading().Matches(MarkdownPage.At(path).Text).Select(heading => heading.Groups["name"].Value));

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void Its_steps_are_numbered_and_its_first_minutes_have_commands(string path)
    {
        string text = MarkdownPage.At(path).Text;
        int[] numbers = StepsOf(text);

        Assert.True(numbers.Length >= 3, $"{numbers.Length} steps");
        Assert.Equal(Enumerable.Range(1, numbers.Length), numbers);
        Assert.Contains("```sh\n", PartOf(text, "The first five minutes"), StringComparison.Ordinal);
        Assert.Contains("```sh\n", PartOf(text, "Steps"), StringComparison.Ordinal);
        Assert.Contains("**How long:**", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void Every_step_was_rehearsed_by_a_test_that_exists_or_says_why_not(string path)
    {
        string text = MarkdownPage.At(path).Text;
        Match[] rows = [.. Row().Matches(PartOf(text, "Rehearsed")).Select(row => row)];

        Assert.Equal(["first five minutes", .. StepsOf(text).Select(number => $"{number}")], rows.Select(row => row.Groups["step"].Value));
        Assert.Empty(rows.Select(row => WhyNot(row.Groups["by"].Value)).OfType<string>());
        Assert.Contains(rows, row => row.Groups["by"].Value.StartsWith('`'));
    }

    [Theory]
    [InlineData("`RunbookTests.A_rehearsal_that_names_nothing_is_seen`", null)]
    [InlineData("not rehearsed: it happens on AWS only", null)]
    [InlineData("not rehearsed", "says neither a test nor why there is none")]
    [InlineData("`RunbookTests.Nothing_like_this`", "RunbookTests has no test Nothing_like_this")]
    [InlineData("`NobodyTests.A_rehearsal_that_names_nothing_is_seen`", "there is no class NobodyTests")]
    public void A_rehearsal_that_names_nothing_is_seen(string by, string? why) => Assert.Equal(why, WhyNot(by));

    private static string? WhyNot(string by) =>
        Test().Match(by) is not { Success: true } test ? Reason().IsMatch(by) ? null : "says neither a test nor why there is none"
        : !Methods.Contains(test.Groups["class"].Value) ? $"there is no class {test.Groups["class"].Value}"
        : Methods[test.Groups["class"].Value].Any(source => IsTestOf(source, test.Groups["method"].Value)) ? null
        : $"{test.Groups["class"].Value} has no test {test.Groups["method"].Value}";

    private static bool IsTestOf(string source, string method) => Regex.IsMatch(source, $@"public (?:async Task|void) {method}\(");

    private static int[] StepsOf(string text) => [.. StepHeading().Matches(PartOf(text, "Steps")).Select(step => int.Parse(step.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture))];

    private static string PartOf(string text, string name)
    {
        int begin = text.IndexOf($"\n## {name}\n", StringComparison.Ordinal);
        int end = text.IndexOf("\n## ", begin + 1, StringComparison.Ordinal);
        return begin < 0 ? "" : end < 0 ? text[begin..] : text[begin..end];
    }

    [GeneratedRegex("^## (?<name>.+)$", RegexOptions.Multiline)]
    private static partial Regex PartHeading();

    [GeneratedRegex(@"^### (?<number>\d+)\. \S", RegexOptions.Multiline)]
    private static partial Regex StepHeading();

    [GeneratedRegex(@"^\| (?<step>first five minutes|\d+) \| (?<by>.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^`(?<class>\w+Tests)\.(?<method>\w+)`$")]
    private static partial Regex Test();

    [GeneratedRegex(@"^not rehearsed: \S.{10,}$")]
    private static partial Regex Reason();
}
