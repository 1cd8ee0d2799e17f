using ServerlessCA.Cli.Output;

namespace ServerlessCA.Cli.Tests.Support;

/// <summary>Runs commands in this process, on a CA of its own in a folder of its own.</summary>
public sealed class Session : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public Dictionary<string, string> Variables { get; } = [];

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public TerminalTraits Traits { get; init; } = TerminalTraits.Plain;

    /// <summary>Runs a command elsewhere, with the variables and the arguments; null to run it in this process.</summary>
    public Func<IReadOnlyDictionary<string, string>, string[], Task<Result>>? Program { get; init; }

    /// <summary>Answers at the addresses in certificates.</summary>
    public TestSite PublicDownload { get; init; } = TestSite.Nobody;

    /// <summary>The contents of standard input.</summary>
    public byte[] Input { get; init; } = [];

    /// <summary>Whether standard input is a terminal.</summary>
    public bool InputIsSeen { get; init; }

    /// <summary>Says whether a path exists on the machine.</summary>
    public Func<string, bool> Exists { get; init; } = Path.Exists;

    /// <summary>The CA's data folder.</summary>
    public string Data => Folder.At("ca");

    /// <summary>The folder that requests write to.</summary>
    public string Certs => Folder.At("certs");

    /// <summary>Runs a command on the session's CA.</summary>
    public Task<Result> RunAsync(params string[] arguments) => RunRawAsync([.. arguments, "--ca", $"local:{Data}"]);

    /// <summary>Runs a command without adding <c>--ca</c>.</summary>
    public Task<Result> RunRawAsync(params string[] arguments) => RunUntilAsync(TestContext.Current.CancellationToken, arguments);

    /// <summary>Runs a command until it ends or is stopped.</summary>
    public async Task<Result> RunUntilAsync(CancellationToken stop, params string[] arguments)
    {
        if (Program is not null)
        {
            return await Program(Variables, arguments);
        }

        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, Traits) { Input = () => new MemoryStream(Input), InputIsSeen = InputIsSeen };
        var here = new Surroundings(terminal, Clock, name => Variables.GetValueOrDefault(name)) { PublicDownload = () => PublicDownload, Exists = Exists };
        int exitCode = await new CommandLine(here).RunAsync(arguments, stop);
        return new Result(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Makes the CA.</summary>
    public async Task<Session> WithCaAsync()
    {
        (await RunAsync("run")).Done();
        return this;
    }

    public void Dispose() => Folder.Dispose();
}
