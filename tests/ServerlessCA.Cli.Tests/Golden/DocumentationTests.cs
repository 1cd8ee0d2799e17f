using System.Text.RegularExpressions;
using ServerlessCA.Cli.Tests.Commands;

namespace ServerlessCA.Cli.Tests.Golden;

/// <summary>Tests that the sessions in the documentation are real: each is one of tests/golden/cli, with other
/// folders.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages => ["agent.md", "cli.md", "client-certificates.md", "plan.md", "request.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Sessions_in_the_documents_are_golden(string page)
    {
        string golden = string.Join("\n", Directory.EnumerateFiles(Repository.At("tests", "golden", "cli"), "*.txt").Select(File.ReadAllText))
            .Replace("$TMP/", "", StringComparison.Ordinal).Replace("\n! ", "\n", StringComparison.Ordinal);

        string[] sessions = [.. Console().Matches(File.ReadAllText(Repository.At("docs", page))).Select(block => block.Groups[1].Value)];

        Assert.True(sessions.Length >= 3);
        Assert.All(sessions, session => Assert.Contains($"{session}\n", golden, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("serve.md", "serve.txt")]
    public async Task A_page_shows_the_whole_session_as_it_was_recorded(string page, string session)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string shown = await File.ReadAllTextAsync(Repository.At("docs", page), cancellation);
        string recorded = await File.ReadAllTextAsync(Repository.At("tests", "golden", "cli", session), cancellation);

        Assert.Contains($"```console\n{recorded.TrimEnd('\n')}\n```", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_is_shown_at_its_work_and_with_a_mistake()
    {
        string[] sessions = [.. Directory.EnumerateFiles(Repository.At("docs"), "*.md")
            .SelectMany(page => Console().Matches(File.ReadAllText(page)).Select(block => block.Groups[1].Value))
            .SelectMany(block => Regex.Split(block, @"\n(?=\$ )"))];

        foreach (string command in UsageTests.Commands.Select(row => row.Data))
        {
            string[] its = [.. sessions.Where(session => Regex.IsMatch(session, $@"^\$ serverless-ca {command}( |\n)"))];
            Assert.True(its.Any(session => !Ending().IsMatch(session)), $"{command}: no session at work");
            Assert.True(its.Any(session => Ending().IsMatch(session)), $"{command}: no session with a mistake");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_to_files(string page) => Assert.All(
        Link().Matches(File.ReadAllText(Repository.At("docs", page))),
        link => Assert.True(Path.Exists(Repository.At("docs", link.Groups[1].Value)), link.Value));

    [GeneratedRegex("```console\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Console();

    [GeneratedRegex("^exit code [0-9]", RegexOptions.Multiline)]
    private static partial Regex Ending();

    [GeneratedRegex(@"\]\((\.\.[^)#]*)\)")]
    private static partial Regex Link();
}
