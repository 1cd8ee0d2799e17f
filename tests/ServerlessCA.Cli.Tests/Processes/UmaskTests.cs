using System.Diagnostics;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Processes;

/// <summary>Looks at the modes of all that commands write under an odd umask.</summary>
public sealed partial class UmaskTests
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private const UnixFileMode Others = OthersWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [Theory]
    [InlineData("000")]
    [InlineData("022")]
    [InlineData("777")]
    public async Task Nothing_is_writable_for_others_and_no_secret_is_theirs_to_read(string umask)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "bash is missing");
        Assert.SkipUnless(umask != "777" || Environment.IsPrivilegedProcess, "only root enters a folder of mode 000");
        using var folder = new TemporaryFolder();

        await RunAsync(umask, folder.Path, "run");
        await RunAsync(umask, folder.Path, "request", "--common-name", "a.example.com", "--out", "for/a/certs");
        await RunAsync(umask, folder.Path, "csr", "--common-name", "b", "--out", "csr");
        await RunAsync(umask, folder.Path, "page", "--out", "page");
        await RunAsync(umask, folder.Path, "backup", "backup.tar.gz");
        await ServeAsync(umask, folder.Path, async url =>
        {
            await RunAsync(umask, folder.Path, "agent", "--once", "--common-name", "c.example.com", "--out", "agent/certs", "--ca", url);
            await RunAsync(umask, folder.Path, "revoke", "a.example.com");
        });

        string[] all = Directory.GetFileSystemEntries(folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None });
        string[] secret = [.. all.Where(IsSecret)];
        Assert.True(secret.Length >= 8, string.Join(", ", all));
        Assert.Empty(all.Where(one => (ModeOf(one) & OthersWrite) != 0).Select(one => $"{one} {ModeOf(one)}"));
        Assert.Empty(secret.Where(one => (ModeOf(one) & Others) != 0).Select(one => $"{one} {ModeOf(one)}"));
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private static bool IsSecret(string path) => Path.GetFileName(path) is var name
        && (name.Contains("key", StringComparison.Ordinal) || name.StartsWith("ca.db", StringComparison.Ordinal) || name.Contains("combined", StringComparison.Ordinal) || name is "backup.tar.gz" or "settings.json" or ".serverless-ca" or "outbox");

    private static async Task ServeAsync(string umask, string folder, Func<string, Task> meanwhile)
    {
        using Process server = Executable.StartUnder(["bash", "-c", $"umask {umask}; exec \"$@\"", "bash"], folder, "serve", "--listen", "127.0.0.1:0");
        string seen = "";
        while (!seen.Contains("Callers", StringComparison.Ordinal) && await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            seen += line + "\n";
        }

        await meanwhile(Address().Match(seen).Value);
        Assert.Equal(0, ForeignProgram.Run("kill", "-TERM", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ExitCode);
        Result result = await Executable.ResultOfAsync(server);
        Assert.True(result.ExitCode == ExitCode.Done, result.Error);
    }

    [System.Text.RegularExpressions.GeneratedRegex("http://127[.]0[.]0[.]1:[0-9]+")]
    private static partial System.Text.RegularExpressions.Regex Address();

    private static async Task RunAsync(string umask, string folder, params string[] arguments)
    {
        using Process process = Executable.StartUnder(["bash", "-c", $"umask {umask}; exec \"$@\"", "bash"], folder, arguments);
        Result result = await Executable.ResultOfAsync(process);
        Assert.True(result.ExitCode == ExitCode.Done, result.Error);
    }
}
