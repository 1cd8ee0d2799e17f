using System.Diagnostics;
using System.Security.Cryptography;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Processes;

/// <summary>Tests SIGKILL while a backup is restored.</summary>
public sealed class RestoreKillTests
{
    private const int Kills = 5;
    private const int Files = 20;
    private const int FileOctets = 400_000; // so that a restore takes a while

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restore_that_is_killed_again_and_again_makes_a_whole_CA_in_the_end_and_no_other_before()
    {
        using Session session = await new Session().WithCaAsync();
        for (int file = 0; file < Files; file++)
        {
            await File.WriteAllBytesAsync(Path.Combine(session.Data, "internal", $"file{file}"), RandomNumberGenerator.GetBytes(FileOctets), Cancellation);
        }

        (await session.RunAsync("backup", session.Folder.At("b"))).Done();
        string target = session.Folder.At("new");
        string[] restore = ["restore", session.Folder.At("b"), "--without-crl", "--ca", $"local:{target}"];
        int interrupted = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process process = Executable.Start(session.Folder.Path, restore);
            Task<Result> end = Executable.ResultOfAsync(process);
            while (!end.IsCompleted && !File.Exists(Path.Combine(target, ".restoring", "internal", $"file{kill}")))
            {
                await Task.Delay(1, Cancellation);
            }

            process.Kill();
            interrupted += (await end).ExitCode == ExitCode.Done ? 0 : 1;
            Result list = await session.RunRawAsync("list", "--ca", $"local:{target}");
            if (list.ExitCode == ExitCode.Done)
            {
                if (interrupted > 0)
                {
                    break; // it was faster
                }

                Directory.Delete(target, recursive: true);
                continue;
            }

            Assert.Contains("is not wholly restored", list.Error, StringComparison.Ordinal);
        }

        Assert.True(interrupted > 0, "no restore was interrupted");
        Result last = await session.RunRawAsync(restore);
        Assert.True(last.ExitCode == ExitCode.Done || last.Error.Contains("is not empty", StringComparison.Ordinal), last.Error);
        Assert.Equal(ExitCode.Done, (await session.RunRawAsync("health", "--no-fetch", "--ca", $"local:{target}")).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(target, ".restoring")));
        Assert.Equal(["b", "ca", "new"], Directory.EnumerateFileSystemEntries(session.Folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
