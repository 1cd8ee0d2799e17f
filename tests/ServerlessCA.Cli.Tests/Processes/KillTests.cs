using System.Diagnostics;
using System.Globalization;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Processes;

/// <summary>Tests SIGKILL at any moment: nothing is torn, and the next run goes on where the last one stopped.</summary>
public sealed class KillTests
{
    private const int Entries = 200;
    private const int Kills = 12;

    [Fact]
    public async Task A_killed_run_leaves_a_sound_CA_and_the_next_one_completes_it()
    {
        using var folder = new TemporaryFolder();
        string gitOps = GitOpsFolder.OfHosts(folder, Entries);
        var random = new Random(Seed: 20260);
        int interrupted = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process process = Executable.Start(folder.Path, "run", gitOps);
            Task<Result> end = Executable.ResultOfAsync(process);
            await WaitForAsync(folder, random.Next(0, 2 * (Entries / Kills)), end);
            await Task.Delay(random.Next(0, 20), TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            interrupted += (await end).ExitCode == ExitCode.Done ? 0 : 1;
            await Inventory.IsSoundAsync(folder);
        }

        Result last = await Executable.RunAsync(folder.Path, "run", gitOps);

        Assert.True(interrupted > Kills / 2, string.Create(CultureInfo.InvariantCulture, $"only {interrupted} runs were interrupted"));
        Assert.True(last.ExitCode == ExitCode.Done, last.Error + last.Output);
        await Inventory.IsSoundAsync(folder);
        await Inventory.HasEachOnceAsync(folder, Entries);
        AssertEventsAreWrittenOnce(folder);
    }

    [Fact]
    public async Task An_interrupted_run_says_so_and_the_next_one_goes_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGINT to send");
        using var folder = new TemporaryFolder();
        string gitOps = GitOpsFolder.OfHosts(folder, Entries);
        using Process process = Executable.Start(folder.Path, "run", gitOps);
        Task<Result> end = Executable.ResultOfAsync(process);
        await WaitForAsync(folder, 5, end);

        using (Process interrupt = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await interrupt.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(new Result(ExitCode.Fault, "", "error: stopped\nhint: what was done is kept: run it again to go on\n"), await end);
        await Inventory.IsSoundAsync(folder);
        (await Executable.RunAsync(folder.Path, "run", gitOps)).Done();
        await Inventory.HasEachOnceAsync(folder, Entries);
    }

    // Waits until the run has written so many more events, so that the kills are spread over the whole work.
    private static async Task WaitForAsync(TemporaryFolder folder, int moreEvents, Task end)
    {
        string outbox = folder.At(".serverless-ca", "outbox");
        int start = Count(outbox);
        while (Count(outbox) < start + moreEvents && !end.IsCompleted)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    private static int Count(string outbox) => Directory.Exists(outbox) ? Directory.EnumerateFiles(outbox, "*.json").Count() : 0;

    private static void AssertEventsAreWrittenOnce(TemporaryFolder folder)
    {
        string[] issued = [.. Directory.EnumerateFiles(folder.At(".serverless-ca", "outbox"), "*certificate-issued*.json")];
        string[] serials = [.. issued.Select(file => System.Text.Json.JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("Id").GetString()!)];

        Assert.Equal(Entries, serials.Distinct().Count());
        Assert.Equal(Entries, serials.Length);
    }
}
