using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ServerlessCA.Browser.Tests.Support;

/// <summary>Runs the built <c>serverless-ca</c>.</summary>
internal static class CaProgram
{
    private static readonly string Built = Path.Combine(AppContext.BaseDirectory, "serverless-ca");

    private static readonly string DotnetRoot = Path.GetFullPath(Path.Combine(
        System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>Runs it to its end and returns what it wrote; fails unless it succeeds.</summary>
    public static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        Run run = await Run.OfAsync(Built, folder, arguments, variables: new Dictionary<string, string> { ["DOTNET_ROOT"] = DotnetRoot });
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException($"serverless-ca {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Text}");
    }

    /// <summary>Starts it.</summary>
    public static Process Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Built, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_ROOT"] = DotnetRoot;
        return Process.Start(start)!;
    }
}

/// <summary>Runs <c>serve</c> until it is disposed of.</summary>
internal sealed partial class ServeProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> lines = [];

    private ServeProcess(Process process) => this.process = process;

    /// <summary>The address of the page.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Starts it on a free port of this machine, and waits until it listens.</summary>
    public static async Task<ServeProcess> StartAsync(string folder, string ca, IEnumerable<string> options)
    {
        var serve = new ServeProcess(CaProgram.Start(folder, ["serve", "--listen", "127.0.0.1:0", "--ca", $"local:{ca}", .. options]));
        serve.process.ErrorDataReceived += (_, line) => serve.Keep(line.Data);
        serve.process.BeginErrorReadLine();
        while (await serve.process.StandardOutput.ReadLineAsync() is { } line)
        {
            serve.Keep(line);
            if (AddressPattern().Match(line) is { Success: true } found)
            {
                serve.Url = found.Value.TrimEnd('/') + "/";
            }

            if (line.StartsWith("Callers", StringComparison.Ordinal))
            {
                return serve;
            }
        }

        string text = serve.Text();
        await serve.DisposeAsync();
        throw new InvalidOperationException($"serve ended: {text}");
    }

    /// <summary>Everything that it wrote.</summary>
    public string Text()
    {
        lock (lines)
        {
            return string.Join('\n', lines);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (lines)
        {
            lines.Add(line ?? "");
        }
    }

    [GeneratedRegex(@"https?://[^\s"",]+")]
    private static partial Regex AddressPattern();
}
