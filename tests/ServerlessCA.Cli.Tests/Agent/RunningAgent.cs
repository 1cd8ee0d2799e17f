using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Cli.Output;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Agent;

/// <summary>Runs an agent in this process, with a clock that the test moves.</summary>
public sealed class RunningAgent : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly FakeTimeProvider clock;
    private readonly string folder;
    private readonly AwaitedWriter error = new("stopped");
    private readonly Task<Result> work;

    public RunningAgent(Session session, params string[] arguments)
    {
        clock = (FakeTimeProvider)session.Clock;
        folder = session.Certs;
        var terminal = new Terminal(TextWriter.Null, error, TerminalTraits.Plain);
        var here = new Surroundings(terminal, clock, name => session.Variables.GetValueOrDefault(name));
        work = Task.Run(async () =>
        {
            int exitCode = await new CommandLine(here).RunAsync(["agent", "--common-name", "app.example.com", "--out", folder, .. arguments], stop.Token);
            return new Result(exitCode, "", Journal);
        });
    }

    /// <summary>Makes a session whose clock stands until the test moves it.</summary>
    /// <param name="isNow">Whether the clock starts at the present time, as TLS needs, which checks certificates by the
    /// machine's clock.</param>
    public static Session NewSession(bool isNow = false) =>
        new() { Clock = new FakeTimeProvider(isNow ? TimeProvider.System.GetUtcNow() : new DateTimeOffset(2030, 1, 2, 12, 0, 0, TimeSpan.Zero)) };

    /// <summary>What the agent has written to standard error so far.</summary>
    public string Journal => error.ToString();

    /// <summary>The number of the current set of files; 0 before the first.</summary>
    public int Version => VersionOf(folder);

    /// <summary>Returns the number of the current set of files in a folder; 0 before the first.</summary>
    public static int VersionOf(string folder) =>
        new FileInfo(Path.Combine(folder, "..data")).LinkTarget is { } target ? int.Parse(target[3..], System.Globalization.CultureInfo.InvariantCulture) : 0;

    /// <summary>Advances the clock in steps until a condition holds.</summary>
    public async Task UntilAsync(Func<bool> isSo, TimeSpan step)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); !isSo();)
        {
            Assert.True(waited.Elapsed < Timeout, "the agent did not get there");
            Assert.False(work.IsCompleted, work.IsCompleted ? work.Result.Error : "");
            clock.Advance(step);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A step that is small enough to stay close to the machine's clock in a test that takes long, and large enough
    /// to wake an agent that fell asleep just as the test advanced the clock.</summary>
    public static TimeSpan Creeping { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for a set of files of at least this number, while the clock advances slowly.</summary>
    public Task UntilVersionAsync(int version) => UntilAsync(() => Version >= version, Creeping);

    /// <summary>Stops the agent.</summary>
    public async Task<Result> StopAsync()
    {
        await stop.CancelAsync();
        return await work;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    /// <summary>Loads certificate and key as an application should, which opens the set once; fails if they do not
    /// match.</summary>
    public static string LoadSet(string folder)
    {
        string set = Path.Combine(folder, new FileInfo(Path.Combine(folder, "..data")).LinkTarget!);
        using X509Certificate2 loaded = X509Certificate2.CreateFromPemFile(Path.Combine(set, "client-cert.pem"), Path.Combine(set, "client-cert-key.pem"));
        return loaded.SerialNumber;
    }

    /// <summary>Loads the combined file by its own name; fails if key and certificate do not match.</summary>
    public static string LoadCombined(string folder)
    {
        string pem = File.ReadAllText(Path.Combine(folder, "client-cert-combined.pem"));
        using X509Certificate2 loaded = X509Certificate2.CreateFromPem(pem, pem);
        return loaded.SerialNumber;
    }
}
