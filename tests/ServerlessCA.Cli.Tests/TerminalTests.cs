using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests;

public sealed class TerminalTests
{
    private const char Escape = '\u001b';

    [Fact]
    public async Task A_file_gets_no_colours_and_no_progress()
    {
        using var session = new Session();

        Result result = (await session.RunAsync("run", GitOpsFolder.OfHosts(session.Folder, 3))).Done();

        Assert.DoesNotContain(Escape, result.Output + result.Error);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task A_person_sees_colours_and_progress()
    {
        using var session = new Session { Traits = new TerminalTraits(OutputColours: true, ErrorColours: true, Progress: true, Width: 120) };

        Result result = (await session.RunAsync("run", GitOpsFolder.OfHosts(session.Folder, 30))).Done();

        Assert.Contains($"{Escape}[32missued{Escape}[0m", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"\d+ of 30  host\d\d\d\.example\.com", result.Error);
    }

    [Fact]
    public async Task What_others_wrote_cannot_act_on_the_terminal()
    {
        using var session = new Session();
        GitOpsFolder.OfHosts(session.Folder, 1);
        string folder = session.Folder.Write(
            "gitops/tls.json", """[{"common_name": "a\u001b[2Jb\nissued  forged\u202etxt", "csr_file": "none.csr"}]""")[..^"/tls.json".Length];

        Result result = await session.RunAsync("run", folder, "-v");

        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.DoesNotContain(Escape, result.Output + result.Error);
        Assert.DoesNotContain('\u202e', result.Output + result.Error);
        Assert.Contains(@"a\u001b[2Jb\u000aissued  forged\u202etxt", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_wide_serial_numbers_are_never_broken_or_cut()
    {
        using Session session = await new Session { Traits = TerminalTraits.Plain with { Width = 60 } }.WithCaAsync();

        string list = (await session.RunAsync("list", "--wide")).Done().Output;

        Assert.Equal(3, list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Matches(@"serverless-root-ca-dev +\d{45,49} +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  \d+ +CA\n", list);
    }
}
