using System.Text.RegularExpressions;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Rules.Tests;

/// <summary>Each rule of <c>docs/architecture/rules.md</c> stands in the place that the page names, and nowhere else.</summary>
public sealed partial class RulePageTests
{
    private const int MaxFilesWithAlgorithm = 8;

    // Knows the contract's texts of refusals, which come without a code from CAs that have none.
    private const string FormerRefusals = "src/ServerlessCA.Cli/Authorities/AuthorityAnswer.cs";

    private static readonly Rule[] Rules = Read();

    [Fact]
    public void The_page_names_the_place_of_at_least_30_rules_and_none_twice()
    {
        int rows = Lines().Count(line => line.StartsWith("| ", StringComparison.Ordinal)) - 2; // head and rule
        Assert.True(rows >= 30, $"{rows} rules");
        Assert.Equal(rows, Rules.Length);
        Assert.Equal(Rules.Select(rule => rule.Name).Distinct(StringComparer.Ordinal), Rules.Select(rule => rule.Name));
        Assert.True(Rules.Count(rule => rule.Texts.Length > 0) >= 30);
    }

    [Fact]
    public void Every_place_of_a_rule_exists_and_holds_the_member() => Assert.Empty(Rules.Where(rule =>
        !File.Exists(Path.Combine(Repository.Root, rule.File)) || !Declares(SourceTree.CodeOf(rule.File), rule.Member)).Select(rule => rule.Name));

    [Fact]
    public void What_a_rule_is_written_as_stands_in_its_place() => Assert.Empty(
        from rule in Rules
        from text in rule.Texts
        where !SourceTree.CodeOf(rule.File).Contains(text, StringComparison.Ordinal)
        select $"{rule.Name}: {text}");

    [Fact]
    public void What_a_rule_is_written_as_stands_in_no_other_file() => Assert.Empty(
        from rule in Rules
        from text in rule.Texts
        from file in SourceTree.Paths()
        where file != rule.File && file != FormerRefusals && SourceTree.CodeOf(file).Contains(text, StringComparison.Ordinal)
        select $"{rule.Name}: {text} in {file}");

    [Fact]
    public void No_subject_of_a_notification_stands_outside_its_list()
    {
        string[] subjects =
        [
            NotificationSubjects.Issued, NotificationSubjects.Rejected, NotificationSubjects.Revoked,
            NotificationSubjects.RevocationFailed, NotificationSubjects.ExpiryWarning, NotificationSubjects.Expired,
        ];

        Assert.Empty(OnePlaceTests.Elsewhere("src/ServerlessCA.Core/Notifications/Notification.cs", (_, text) => subjects.Contains(text)));
    }

    // A code of one plain word, such as malformed, is a word of people, too.
    [Fact]
    public void No_code_of_a_refusal_stands_outside_its_list()
    {
        string[] codes = [.. Enum.GetValues<RejectionCode>().Select(RejectionCodes.NameOf).Where(code => code.Contains('_', StringComparison.Ordinal))];

        Assert.True(codes.Length > 10);
        Assert.Empty(OnePlaceTests.Elsewhere("src/ServerlessCA.Core/Requests/Rejection.cs", (_, text) => codes.Contains(text)));
    }

    [Theory]
    [InlineData("MlDsa44")]
    [InlineData("MlDsa65")]
    [InlineData("MlDsa87")]
    public void At_most_8_files_name_a_key_algorithm(string algorithm) => Assert.InRange(
        SourceTree.Paths().Count(file => SourceTree.CodeOf(file).Contains(algorithm, StringComparison.Ordinal)), 1, MaxFilesWithAlgorithm);

    [Theory]
    [InlineData("    public const int Rounds = 600_000;", "Rounds", true)]
    [InlineData("    public static byte[] Encrypt(int rounds = Rounds)", "Rounds", false)]
    [InlineData("    return Rounds;", "Rounds", false)]
    [InlineData("    public static Rejection? WhyNot(CaSettings settings) =>", "WhyNot", true)]
    [InlineData("internal static class MediaTypes", "MediaTypes", true)]
    public void A_member_is_found_where_it_is_declared(string code, string member, bool isDeclared) => Assert.Equal(isDeclared, Declares(code, member));

    internal static bool Declares(string code, string member) => Regex.IsMatch(
        code, $@"^\s*(?:(?:public|internal|private|const|static|class)\b[^;=({{]*?|const [\w<>]+ )\b{member}\b(?!\s*[.)])", RegexOptions.Multiline);

    private static IEnumerable<string> Lines() => File.ReadLines(Path.Combine(Repository.Root, "docs", "architecture", "rules.md"));

    private static Rule[] Read() =>
    [
        .. Lines().Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => new Rule(
                row.Groups["rule"].Value, row.Groups["file"].Value, row.Groups["member"].Value,
                [.. Code().Matches(row.Groups["texts"].Value).Select(text => text.Groups[1].Value.Replace("\\|", "|", StringComparison.Ordinal))])),
    ];

    [GeneratedRegex(@"^\| (?<rule>[^|]+) \| \[`\w+\.(?<member>\w+)`\]\(\.\./\.\./(?<file>[^)]+)\) \| [^|]*\| (?<texts>.*)\|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    private sealed record Rule(string Name, string File, string Member, string[] Texts);
}
