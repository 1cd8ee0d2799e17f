using System.Text.RegularExpressions;
using ServerlessCA.Cli.Output;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Runs a command that goes on until it is stopped, such as <c>serve</c>.</summary>
public sealed partial class BackgroundCommand : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly AwaitedWriter output = new("Callers");
    private readonly StringWriter error = new();
    private readonly Task<int> run;

    private BackgroundCommand(Surroundings here, string[] arguments) =>
        run = new CommandLine(here with { Terminal = new Terminal(output, TextWriter.Synchronized(error), TerminalTraits.Plain) })
            .RunAsync(arguments, stop.Token);

    /// <summary>What the command has written to standard output so far.</summary>
    public string Text => output.ToString();

    /// <summary>The address that it listens at.</summary>
    public string Url => UrlPattern().Match(Text).Value;

    /// <summary>Starts <c>serve</c> on the CA of a session, on a free port unless <c>--listen</c> is among the options.</summary>
    public static Task<BackgroundCommand> ServeAsync(Session session, params string[] options) => StartAsync(
        session, ["serve", .. options.Contains("--listen") ? (string[])[] : ["--listen", "127.0.0.1:0"], "--ca", $"local:{session.Data}", .. options]);

    /// <summary>Starts a command, and waits until it listens.</summary>
    public static async Task<BackgroundCommand> StartAsync(Session session, params string[] arguments)
    {
        var here = new Surroundings(new Terminal(TextWriter.Null, TextWriter.Null, TerminalTraits.Plain), new WallClock(session.Clock), name => session.Variables.GetValueOrDefault(name));
        var command = new BackgroundCommand(here, arguments);
        await Task.WhenAny(command.output.Come, command.run);
        Assert.False(command.run.IsCompleted, command.error.ToString());
        return command;
    }

    /// <summary>Stops the command.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await stop.CancelAsync();
        return await run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    [GeneratedRegex(@"https?://[^\s"",]+")]
    private static partial Regex UrlPattern();
}

/// <summary>A clock with the time of another clock and the machine's own timers: a server's timeouts must not run out
/// because a test advances the time.</summary>
public sealed class WallClock(TimeProvider day) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => day.GetUtcNow();
}
