using ServerlessCA.Cli.Tests.Commands;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Help;

/// <summary>Tests <c>help</c> and the pages of the manual.</summary>
public sealed class ManualTests
{
    // The date is left out so that the same program always writes the same page.
    private const string NoDate = "missing date";

    public static TheoryData<string> Pages => ["", .. UsageTests.Commands.Select(row => row.Data)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Mandoc_and_groff_find_nothing_wrong(string command)
    {
        using var folder = new TemporaryFolder();
        string page = folder.Write("page.1", await PageAsync(command));

        (_, string lint) = ForeignProgram.Run("mandoc", "-T", "lint", "-W", "warning", page);
        (int exitCode, string warnings) = ForeignProgram.Run("groff", "-man", "-ww", "-z", "-T", "utf8", page);

        Assert.All(lint.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains(NoDate, line, StringComparison.Ordinal));
        Assert.Equal((0, ""), (exitCode, warnings));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_shows_all_that_the_help_tells(string command)
    {
        using var session = new Session();
        using var folder = new TemporaryFolder();
        string page = folder.Write("page.1", await PageAsync(command));
        string help = (await session.RunRawAsync(command.Length > 0 ? [command, "--help"] : [])).Done().Output;

        (_, string shown) = ForeignProgram.Run("mandoc", "-T", "utf8", "-O", "width=500", page);
        string plain = Plain(shown);

        foreach (string section in (string[])["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"])
        {
            Assert.Contains($"\n{section}\n", plain, StringComparison.Ordinal);
        }

        string words = Words(plain);
        Assert.All(
            help.Split('\n').Select(line => line.Trim().TrimStart('$').Trim()).Where(line => line.Length > 0 && !line.EndsWith(':')).SkipLast(2),
            line => Assert.Contains(Words(line.Split("  ")[0].TrimEnd('.')), words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_of_the_program_tells_of_variables_and_files()
    {
        string page = await PageAsync("");

        Assert.Contains(".SH \"ENVIRONMENT\"\n.TP\n\\fBSERVERLESS_CA\\fR\n", page, StringComparison.Ordinal);
        Assert.Contains(".SH \"FILES\"\n.TP\n\\fB.serverless\\-ca/settings.json\\fR\n", page, StringComparison.Ordinal);
        Assert.All(UsageTests.Commands, row => Assert.Contains($".BR serverless\\-ca\\-{row.Data.Replace("-", "\\-", StringComparison.Ordinal)} (1)", page, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Help_says_what_the_option_says(string command)
    {
        using var session = new Session();
        string[] name = command.Length > 0 ? [command] : [];

        Assert.Equal(await session.RunRawAsync([.. name, "--help"]), await session.RunRawAsync(["help", .. name]));
    }

    private static async Task<string> PageAsync(string command)
    {
        using var session = new Session();
        return (await session.RunRawAsync(["help", .. command.Length > 0 ? (string[])[command] : [], "--man"])).Done().Output;
    }

    // Removes overstruck letters, which stand for bold.
    private static string Plain(string shown)
    {
        var text = new System.Text.StringBuilder();
        foreach (char c in shown)
        {
            _ = c == '\b' ? text.Remove(text.Length - 1, 1) : text.Append(c);
        }

        return text.ToString();
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
