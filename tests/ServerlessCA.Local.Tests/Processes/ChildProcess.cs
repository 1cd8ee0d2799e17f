using System.Diagnostics;
using Xunit;

namespace ServerlessCA.Local.Tests.Processes;

/// <summary>This program, started again.</summary>
internal static class ChildProcess
{
    private static readonly string Program = Path.ChangeExtension(typeof(ChildProcess).Assembly.Location, null)
        + (OperatingSystem.IsWindows() ? ".exe" : "");

    /// <summary>Lets the work end; its lines.</summary>
    public static async Task<string[]> RunAsync(params string[] work) => await RunCommandAsync(Command(work));

    /// <summary>The same under a umask that forbids nothing.</summary>
    public static async Task<string[]> RunWithOpenUmaskAsync(params string[] work) =>
        await RunCommandAsync(["sh", "-c", "umask 000; exec \"$0\" \"$@\"", .. Command(work)]);

    /// <summary>The same as a user without privileges.</summary>
    public static async Task<string[]> RunUnprivilegedAsync(params string[] work) => await RunCommandAsync(
        Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", .. Command(work)]
            : Command(work));

    /// <summary>Kills the work (SIGKILL) a while after its first line; the lines it wrote as a whole.</summary>
    public static async Task<string[]> KillAsync(TimeSpan after, params string[] work)
    {
        using Process process = Start(Command(work));
        string? first = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(first);
        await Task.Delay(after, TestContext.Current.CancellationToken);
        process.Kill();
        string rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        string[] lines = $"{first}\n{rest}".Split('\n');
        return lines[..^1]; // what follows the last line's end was cut
    }

    /// <summary>How to start the work.</summary>
    public static string[] Command(params string[] work) => [Program, "--child", .. work];

    private static async Task<string[]> RunCommandAsync(string[] command)
    {
        using Process process = Start(command);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // Without diagnostics: a killed process would leave its debugger's pipes in the temporary folder.
    private static Process Start(string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        RedirectStandardOutput = true,
        Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
    })!;
}
