using System.Text.RegularExpressions;

namespace ServerlessCA.Rules.Tests;

/// <summary>Each answer of <c>docs/architecture/where.md</c> is one place that exists.</summary>
public sealed partial class WherePageTests
{
    private static readonly (string Question, string File, string Member)[] Answers =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "architecture", "where.md")).Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => (row.Groups["question"].Value, row.Groups["file"].Value, row.Groups["member"].Value)),
    ];

    [Fact]
    public void The_page_answers_at_least_10_questions_and_none_twice()
    {
        int rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "architecture", "where.md"))
            .Count(line => line.StartsWith("| ", StringComparison.Ordinal)) - 2; // head and rule

        Assert.True(rows >= 10, $"{rows} questions");
        Assert.Equal(rows, Answers.Length);
        Assert.Equal(Answers.Select(answer => answer.Question).Distinct(StringComparer.Ordinal), Answers.Select(answer => answer.Question));
    }

    [Fact]
    public void Every_answer_is_a_file_that_declares_the_member() => Assert.Empty(Answers
        .Where(answer => !File.Exists(Path.Combine(Repository.Root, answer.File)) || !RulePageTests.Declares(SourceTree.CodeOf(answer.File), answer.Member))
        .Select(answer => $"{answer.Question} {answer.Member} in {answer.File}"));

    [GeneratedRegex(@"^\| (?<question>[^|]+\?) \| \[`(?:\w+\.)?(?<member>\w+)`\]\(\.\./\.\./(?<file>[^)]+)\) \|$")]
    private static partial Regex Row();
}

/// <summary>Each step of <c>docs/how-a-certificate-is-issued.md</c> names the places of its rules, and its picture has the same steps.</summary>
public sealed partial class IssuancePageTests
{
    private static readonly MarkdownPage Page = MarkdownPage.At("docs/how-a-certificate-is-issued.md");

    [Fact]
    public void Every_step_names_a_place_that_declares_the_member()
    {
        string[] steps = [.. Page.Text.Split("\n## ").Skip(1).Where(section => char.IsDigit(section[0]))];

        Assert.Equal(9, steps.Length);
        Assert.All(steps, step =>
        {
            Match[] places = Place().Matches(step).ToArray();
            Assert.NotEmpty(places);
            Assert.All(places, place => Assert.True(RulePageTests.Declares(SourceTree.CodeOf(place.Groups["file"].Value), place.Groups["member"].Value), place.Value));
        });
    }

    [Fact]
    public void The_picture_has_the_steps_of_the_page()
    {
        System.Xml.Linq.XDocument picture = System.Xml.Linq.XDocument.Load(Repository.At("docs", "images", "issuance.svg"));
        string[] names = [.. picture.Descendants().Where(one => one.Name.LocalName == "text" && char.IsDigit(one.Value[0])).Select(one => one.Value)];

        Assert.Equal(Heading().Matches(Page.Text).Select(heading => heading.Groups["step"].Value), names);
        Assert.Contains(picture.Descendants(), one => one.Name.LocalName == "desc");
    }

    [GeneratedRegex(@"\[`\w+\.(?<member>\w+)`\]\(\.\./(?<file>[^)]+)\)")]
    private static partial Regex Place();

    [GeneratedRegex(@"^## (?<step>\d\. .+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
