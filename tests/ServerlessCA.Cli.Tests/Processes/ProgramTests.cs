using System.Diagnostics;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Processes;

/// <summary>Tests the built program from outside, as a process of its own.</summary>
public sealed class ProgramTests
{
    [Fact]
    public async Task A_first_session_works_as_the_overview_has_it()
    {
        OpenSsl.IsNeeded();
        using var folder = new TemporaryFolder();

        Result overview = (await Executable.RunAsync(folder.Path)).Done();
        Assert.Contains("$ serverless-ca run\n", overview.Output, StringComparison.Ordinal);
        (await Executable.RunAsync(folder.Path, "run")).Done();
        (await Executable.RunAsync(folder.Path, "request", "--common-name", "client.example.com", "--out", "certs")).Done();
        Result list = (await Executable.RunAsync(folder.Path, "list")).Done();

        Assert.Contains("client.example.com", list.Output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(folder.At(".serverless-ca")));
        OpenSsl.Verify(folder.At("certs", "client-cert.pem"), folder.At("certs", "ca-bundle.pem"));
    }

    [Fact]
    public async Task Exit_codes_reach_the_shell()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(ExitCode.Fault, (await Executable.RunAsync(folder.Path, "list")).ExitCode);
        Assert.Equal(ExitCode.Usage, (await Executable.RunAsync(folder.Path, "lst")).ExitCode);
        Assert.Equal(ExitCode.Done, (await Executable.RunAsync(folder.Path, "run")).ExitCode);
        Assert.Equal(ExitCode.Refused, (await Executable.RunAsync(folder.Path, "request", "--common-name", "serverless-root-ca-dev", "--out", "certs")).ExitCode);
    }

    [Theory]
    [InlineData("> /dev/full")]
    [InlineData(">&-")]
    public async Task A_report_that_cannot_be_written_is_a_fault_and_the_work_is_done(string redirection)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "bash or /dev/full is missing");
        using Session session = await new Session().WithCaAsync();

        using Process process = Executable.StartUnder(
            ["bash", "-c", $"exec \"$@\" {redirection}", "bash"], session.Folder.Path, "request", "--common-name", "a", "--out", session.Certs, "--ca", $"local:{session.Data}");
        Result result = await Executable.ResultOfAsync(process);

        Assert.Equal(ExitCode.Fault, result.ExitCode);
        Assert.StartsWith("error: standard output cannot be written to: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(session.Certs, "client-cert-key.pem"), result.Error, StringComparison.Ordinal);
        OpenSsl.IsNeeded();
        OpenSsl.Verify(Path.Combine(session.Certs, "client-cert.pem"), Path.Combine(session.Certs, "ca-bundle.pem"));
    }

    [Fact]
    public async Task The_key_shows_in_no_list_of_processes()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "there is no /proc");
        using var folder = new TemporaryFolder();
        (await Executable.RunAsync(folder.Path, "run")).Done();
        folder.Write("passphrase", "not-for-lists-of-processes\n");

        using Process process = Executable.Start(
            folder.Path, "request", "--common-name", "a", "--out", "certs", "--key-type", "rsa-4096", "--key-passphrase-file", "passphrase");
        string seen = "";
        while (!process.HasExited)
        {
            try
            {
                seen += await File.ReadAllTextAsync($"/proc/{process.Id}/cmdline", TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                break; // it has just ended
            }
        }

        (await Executable.ResultOfAsync(process)).Done();
        Assert.Contains("rsa-4096", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("not-for-lists", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", seen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_passphrase_is_not_typed_where_it_shows()
    {
        using var folder = new TemporaryFolder();

        // script of util-linux provides a terminal.
        (int exitCode, string shown) = ForeignProgram.Run(
            "env", "-C", folder.Path, $"DOTNET_ROOT={Executable.DotnetRoot}", "TERM=dumb", "script", "--quiet", "--return",
            "--command", $"{Executable.Built} csr --common-name a --key-passphrase-file -", "/dev/null");

        Assert.True(exitCode == ExitCode.Usage, shown);
        Assert.Contains("error: --key-passphrase-file -: standard input is a terminal, which would show the passphrase", shown, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Runs_at_once_issue_every_entry_once()
    {
        const int Entries = 40;
        using var folder = new TemporaryFolder();
        string gitOps = GitOpsFolder.OfHosts(folder, Entries);

        Process[] processes = [.. Enumerable.Range(0, 5).Select(_ => Executable.Start(folder.Path, "run", gitOps, "--output", "json"))];
        Result[] results = await Task.WhenAll(processes.Select(Executable.ResultOfAsync));

        int issued = 0;
        foreach (Result result in results)
        {
            Assert.True(result.ExitCode == ExitCode.Done, result.Error + result.Output);
            issued += result.Json.GetProperty("Entries").EnumerateArray().Count(entry => entry.GetProperty("Status").GetString() == "Issued");
        }

        Assert.Equal(Entries, issued);
        await Inventory.HasEachOnceAsync(folder, Entries);
        Array.ForEach(processes, process => process.Dispose());
    }
}
