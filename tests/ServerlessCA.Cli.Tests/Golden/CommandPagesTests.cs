using System.Text.RegularExpressions;
using ServerlessCA.Cli.Tests.Commands;

namespace ServerlessCA.Cli.Tests.Golden;

/// <summary>Tests that pages which list commands, exit codes or indexes list all of them.</summary>
public sealed partial class CommandPagesTests
{
    // They say how to use the others, or do it for a shell.
    private static readonly string[] AboutOthers = ["completion", "help"];

    [Fact]
    public void The_table_of_the_README_has_every_command()
    {
        string[] rows = RowsOf("README.md", "## What it does");

        Assert.All(
            UsageTests.Commands.Select(row => row.Data).Except(AboutOthers),
            command => Assert.Contains(rows, row => Regex.IsMatch(row, $@"`(serverless-ca )?{command}( [^`]*)?`")));
    }

    [Fact]
    public void The_permissions_on_AWS_are_said_of_every_command_that_has_a_session_there()
    {
        string[] rows = RowsOf("docs/cli-aws.md", "## Permissions");

        Assert.All(
            AwsGoldenTests.Sessions.Select(row => row.Data).Intersect(UsageTests.Commands.Select(row => row.Data)),
            command => Assert.Contains(rows, row => Regex.IsMatch(row, $@"^\| [^|]*`{command}( [^`]*)?`")));
    }

    [Fact]
    public void Every_exit_code_is_said()
    {
        int[] codes = [.. typeof(ExitCode).GetFields().Select(field => (int)field.GetRawConstantValue()!)];

        Assert.Equal(codes.Order().Select(code => $"`{code}`"), RowsOf("docs/commands.md", "## Exit codes")[2..].Select(row => row.Split('|')[1].Trim()));
        Assert.All(["README.md", "docs/cli-aws.md"], page => Assert.Contains("commands.md#exit-codes", File.ReadAllText(Repository.At(page)), StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_about_upgrades_names_the_indexes_that_came_after_the_first_release()
    {
        string[] ofFirst = ["Revoked", "Reminders", "Serials", "Pending"];
        string[] names = [.. Index().Matches(File.ReadAllText(Repository.At("terraform", "tables.tf"))).Select(index => index.Groups[1].Value)];
        string page = File.ReadAllText(Repository.At("docs", "aws", "upgrade.md"));

        Assert.Empty(ofFirst.Except(names));
        Assert.All(names.Except(ofFirst), name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    private static string[] RowsOf(string page, string heading) =>
        [.. File.ReadLines(Repository.At(page)).SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)).Where(line => line.StartsWith('|'))];

    [GeneratedRegex(@"global_secondary_index \{\s+name\s+= ""(\w+)""")]
    private static partial Regex Index();
}
