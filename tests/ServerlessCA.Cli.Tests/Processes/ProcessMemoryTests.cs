using System.Diagnostics;
using System.Globalization;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Processes;

/// <summary>Tries to get at the memory of a running <c>serve</c>.</summary>
public sealed class ProcessMemoryTests
{
    private const string Nobody = "65534";
    private const string Token = "planted-token-that-others-look-for";

    private const string Fatal = "SYS"; // a signal, 31 on Linux, that dumps core by default; .NET has handlers for the usual ones

    private static readonly string[] AsNobody = ["setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups"];

    [Fact]
    public async Task Another_process_of_the_same_user_reads_neither_its_variables_nor_its_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can be somebody else on Linux");
        ForeignProgram.SkipUnlessInstalled("setpriv");
        using var folder = new TemporaryFolder();
        ForeignProgram.OutputIn(folder.Path, "chown", Nobody, folder.Path);
        string[] wrapper = ["env", $"SERVERLESS_CA_TOKEN={Token}", .. AsNobody];
        using Process server = Executable.StartUnder(wrapper, folder.Path, "serve", "--listen", "127.0.0.1:0");
        using Process other = Executable.Launch([.. wrapper, "sleep", "1000"], folder.Path);
        try
        {
            Assert.NotNull(await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

            Assert.Contains(Token, await ReadAsync(other, "environ"), StringComparison.Ordinal); // so it can be read of others
            Assert.All(new[] { "environ", "maps", "mem", "auxv" }, file => Assert.Contains(
                "Permission denied", ReadAsync(server, file).GetAwaiter().GetResult(), StringComparison.Ordinal));
        }
        finally
        {
            server.Kill();
            other.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Another_process_of_the_same_user_takes_no_dump_of_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can be somebody else on Linux");
        ForeignProgram.SkipUnlessInstalled("setpriv");
        ForeignProgram.SkipUnlessInstalled("gcore", "gdb");
        using var folder = new TemporaryFolder();
        ForeignProgram.OutputIn(folder.Path, "chown", Nobody, folder.Path);
        using Process server = Executable.StartUnder(AsNobody, folder.Path, "serve", "--listen", "127.0.0.1:0");
        using Process other = Executable.Launch([.. AsNobody, "sleep", "1000"], folder.Path);
        try
        {
            Assert.NotNull(await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

            Assert.True(File.Exists(await DumpAsync(folder, other)), "gcore takes no dump of any process");
            Assert.False(File.Exists(await DumpAsync(folder, server)));
        }
        finally
        {
            server.Kill();
            other.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    // Whoever connects to the runtime's port as the same user gets the variables of the process, or loads code into it.
    [Fact]
    public async Task The_runtime_has_no_port_or_pipe_for_diagnostics_that_somebody_could_find()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems keep them");
        Assert.SkipUnless(
            Directory.EnumerateFiles(Path.GetTempPath(), $"dotnet-diagnostic-{Environment.ProcessId}-*").Any(), "diagnostics are switched off here, for these tests too");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("tmp"));
        using Process server = Executable.StartUnder(["env", $"TMPDIR={folder.At("tmp")}"], folder.Path, "serve", "--listen", "127.0.0.1:0", "--ca", $"local:{folder.At("ca")}");
        try
        {
            Assert.NotNull(await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.At("tmp")).Select(Path.GetFileName));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_crash_leaves_no_core_dump()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "bash is missing");
        using var folder = new TemporaryFolder();
        string[] unlimited = ["bash", "-c", "ulimit -c unlimited && exec \"$@\"", "bash"];
        using (Process dies = Executable.Launch([.. unlimited, "bash", "-c", $"kill -{Fatal} $$"], folder.Path))
        {
            await dies.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        string[] cores = Directory.GetFiles(folder.Path);
        Assert.SkipWhen(cores.Length == 0, "this system writes core dumps elsewhere, or none");
        Array.ForEach(cores, File.Delete);

        using Process server = Executable.StartUnder(unlimited, folder.Path, "serve", "--listen", "127.0.0.1:0", "--ca", $"local:{folder.At("ca")}");
        Assert.NotNull(await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        ForeignProgram.OutputIn(folder.Path, "kill", $"-{Fatal}", server.Id.ToString(CultureInfo.InvariantCulture));
        Result result = await Executable.ResultOfAsync(server);

        Assert.Equal(128 + 31, result.ExitCode);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static async Task<string> DumpAsync(TemporaryFolder folder, Process process)
    {
        await Run.OfAsync(AsNobody[0], folder.Path, [.. AsNobody[1..], "gcore", "-o", folder.At("dump"), process.Id.ToString(CultureInfo.InvariantCulture)]);
        return folder.At($"dump.{process.Id.ToString(CultureInfo.InvariantCulture)}");
    }

    private static async Task<string> ReadAsync(Process process, string file)
    {
        Run read = await Run.OfAsync(AsNobody[0], "/", [.. AsNobody[1..], "head", "-c", "100000", $"/proc/{process.Id}/{file}"]);
        return read.Text;
    }
}
