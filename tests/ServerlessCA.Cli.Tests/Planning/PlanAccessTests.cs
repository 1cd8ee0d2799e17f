using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Planning;

/// <summary>Tests what a plan on a local CA needs, and that it changes nothing there.</summary>
public sealed class PlanAccessTests
{
    private static readonly string Example = Repository.At("examples", "gitops", "dev");

    [Fact]
    public async Task An_older_ledger_stays_as_it_is_and_the_error_says_what_upgrades_it()
    {
        using Session session = await new Session().WithCaAsync();
        string ledger = Path.Combine(session.Data, "ca.db");
        byte[] content = File.ReadAllBytes(ledger);
        content[63] = 2; // the last octet of user_version (https://sqlite.org/fileformat.html#user_version)
        File.WriteAllBytes(ledger, content);

        Result result = await session.RunAsync("plan", Example);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.Contains("has version 2 of the tables", result.Error, StringComparison.Ordinal);
        Assert.Contains("serverless-ca list", result.Error, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(ledger));
    }

    // Mode 0755 and 0644, but for the keys, and another user.
    [Fact]
    public async Task Who_may_only_read_the_folder_and_not_its_keys_gets_the_plan()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can become another user");
        using Session session = await new Session().WithCaAsync();
        string program = session.Folder.At("program");
        Assert.Equal(0, ForeignProgram.Run("cp", "-r", AppContext.BaseDirectory, program).ExitCode); // to a place that another user may read
        Assert.Equal(0, ForeignProgram.Run("cp", "-r", Example, session.Folder.At("gitops")).ExitCode);
        Assert.Equal(0, ForeignProgram.Run("chmod", "-R", "a+rX", session.Folder.Path).ExitCode);
        Modes.Set(Path.Combine(session.Data, "keys"), "700");
        string[] before = Directory.GetFileSystemEntries(session.Data);

        (int exitCode, string output) = ForeignProgram.Run(
            "setpriv", ["--reuid", "4242", "--clear-groups", "env", $"HOME={session.Folder.Path}", $"DOTNET_ROOT={Executable.DotnetRoot}",
                Path.Combine(program, "serverless-ca"), "plan", session.Folder.At("gitops"), "--ca", $"local:{session.Data}"]);

        Assert.True(exitCode == ExitCode.Done, output);
        Assert.Contains("5 to issue", output, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(session.Data));
    }
}
