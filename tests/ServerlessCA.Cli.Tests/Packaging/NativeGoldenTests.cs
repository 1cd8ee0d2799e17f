using ServerlessCA.Cli.Tests.Golden;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Packaging;

/// <summary>Repeats the recorded sessions with the native program. libfaketime makes its clock stand at the time of the
/// recording.</summary>
public sealed class NativeGoldenTests
{
    private const string FakeTime = "/usr/bin/faketime";

    // faketime names its shared memory by its process id and fails if a process that was killed left one of that name. The
    // process that has the id now may remove it.
    private const string Unencumbered = """rm -f "/dev/shm/sem.faketime_sem_$$" "/dev/shm/faketime_shm_$$"; exec "$@" """;

    // Timers run, and files have their real times, as with an injected clock.
    private static readonly string[] Clock =
    [
        "TZ=UTC", "FAKETIME_DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1",
        "sh", "-c", Unencumbered, "sh", FakeTime, "-m", "-f", "2030-01-02 12:00:00",
    ];

    // Sessions in which a command runs beside others are left out; NativeProgramTests has a served CA.
    private static readonly string[] WithServers = ["serve", "served-inventory", "first-trust"];

    public static TheoryData<string> Sessions => [.. GoldenTests.Sessions.Select(row => row.Data).Except(WithServers)];

    [Theory]
    [MemberData(nameof(Sessions))]
    public async Task A_session_goes_as_it_was_recorded(string name)
    {
        string program = NativeProgram.Path;
        Assert.SkipUnless(File.Exists(FakeTime), "faketime is not installed: apt-get install faketime");
        string recorded = await File.ReadAllTextAsync(Repository.At("tests", "golden", "cli", $"{name}.txt"), TestContext.Current.CancellationToken);
        using var session = new Session
        {
            Program = async (variables, arguments) =>
            {
                string[] wrapper = ["env", "-i", $"PATH={Environment.GetEnvironmentVariable("PATH")}", .. variables.Select(variable => $"{variable.Key}={variable.Value}"), .. Clock];
                using System.Diagnostics.Process process = Executable.Launch([.. wrapper, program, .. arguments], Path.GetTempPath());
                return await Executable.ResultOfAsync(process);
            },
        };

        Assert.Equal(recorded, await GoldenTests.RepeatAsync(session, recorded));
    }
}
