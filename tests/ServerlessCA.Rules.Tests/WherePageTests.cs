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
