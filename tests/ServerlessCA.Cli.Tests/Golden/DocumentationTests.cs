using System.Text.RegularExpressions;
using ServerlessCA.Cli.Tests.Commands;

namespace ServerlessCA.Cli.Tests.Golden;

/// <summary>Tests that the documentation shows every command. That its sessions are real is tested with all other examples.</summary>
public sealed partial class DocumentationTests
{
    // What they write is for programs, or stands elsewhere: the folder 'schemas', docs/commands.md.
    private static readonly string[] Long = ["schema", "completion", "help"];

    [Fact]
    public void Every_command_is_shown_at_its_work_and_with_a_mistake()
    {
        string[] sessions = [.. Directory.EnumerateFiles(Repository.At("docs"), "*.md")
            .SelectMany(page => Console().Matches(File.ReadAllText(page)).Select(block => block.Groups[1].Value))
            .SelectMany(block => Regex.Split(block, @"\n(?=\$ )"))];

        foreach (string command in UsageTests.Commands.Select(row => row.Data))
        {
            string[] its = [.. sessions.Where(session => Regex.IsMatch(session, $@"^\$ serverless-ca {command}( |\n)"))];
            Assert.True(Long.Contains(command) || its.Any(session => !Ending().IsMatch(session)), $"{command}: no session at work");
            Assert.True(its.Any(session => Ending().IsMatch(session)), $"{command}: no session with a mistake");
        }
    }

    [GeneratedRegex("```console\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Console();

    [GeneratedRegex("^exit code [0-9]", RegexOptions.Multiline)]
    private static partial Regex Ending();
}
