using System.Diagnostics;
using System.Globalization;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Commands;

/// <summary>Tests disks that cannot be written to: there is one clear message, and the old files stay.</summary>
public sealed class RequestDiskTests
{
    [Fact]
    public async Task A_file_of_another_user_is_not_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can give files away, and only on Linux do we know whose they are");
        using Session session = await new Session().WithCaAsync();
        string key = session.Folder.Write("certs/client-cert-key.pem", "theirs");
        Assert.Equal(0, ForeignProgram.Run("chown", "4242", key).ExitCode);

        Result result = await session.RunAsync("request", "--common-name", "a", "--out", session.Certs);

        Assert.Equal(
            new Result(ExitCode.Fault, "", $"error: '{key}' belongs to another user (uid 4242): it is not replaced\nhint: remove it, or choose another --out or --name\n"),
            result);
        Assert.Equal("theirs", File.ReadAllText(key));
        Assert.Single(Directory.EnumerateFileSystemEntries(session.Certs));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_one_message()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        using Session session = await new Session().WithCaAsync();
        string folder = Environment.IsPrivilegedProcess ? "/proc/self" : ReadOnly(session); // root may write to every other folder

        Result result = await session.RunAsync("request", "--common-name", "a", "--out", folder);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith($"error: files cannot be written to '{folder}': ", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.Count(c => c == '\n'));
        Assert.DoesNotContain("\"a\"", (await session.RunAsync("list", "--output", "json")).Output, StringComparison.Ordinal);
    }

    // 200 bytes hold no key; 400 hold the key of P-256, but no certificate.
    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    public async Task A_full_disk_leaves_the_old_files_and_no_parts_of_new_ones(int octets)
    {
        using Session session = await new Session().WithCaAsync();
        await using BackgroundCommand served = await BackgroundCommand.ServeAsync(session);
        (await session.RunRawAsync("request", "--common-name", "a", "--out", session.Certs, "--ca", served.Url)).Done();
        string[] before = [.. Directory.EnumerateFiles(session.Certs).Order().Select(File.ReadAllText)];
        // By default the runtime maps its code through files of its own; a signal would end it before the error is seen.
        string[] limit = ["env", "--ignore-signal=XFSZ", "DOTNET_EnableWriteXorExecute=0", "prlimit", $"--fsize={octets.ToString(CultureInfo.InvariantCulture)}"];
        Assert.Equal(0, ForeignProgram.Run("prlimit", "--version").ExitCode);

        using Process process = Executable.StartUnder(limit, session.Folder.Path, "request", "--common-name", "a", "--out", session.Certs, "--ca", served.Url);
        Result result = await Executable.ResultOfAsync(process);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith($"error: files cannot be written to '{session.Certs}': ", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.Count(c => c == '\n'));
        Assert.Equal(before, Directory.EnumerateFiles(session.Certs).Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal)).Order().Select(File.ReadAllText));
        Assert.Equal(octets == 400, result.Error.Contains("its key is kept in", StringComparison.Ordinal)); // it was issued
    }

    private static string ReadOnly(Session session)
    {
        Directory.CreateDirectory(session.Certs);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(session.Certs, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return session.Certs;
    }
}
