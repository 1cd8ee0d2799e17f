using System.Diagnostics;

namespace ServerlessCA.Simulation.Kills;

/// <summary>Runs a worker as another process, and kills it (SIGKILL) at a moment that was drawn before.</summary>
/// <param name="Lines">The whole lines that it wrote, in order.</param>
/// <param name="WasKilled">Whether it was killed; otherwise it ended by itself.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record KilledWorker(IReadOnlyList<string[]> Lines, bool WasKilled, string Errors)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3); // our decision: a line comes within milliseconds on a quiet machine

    private const int KilledCode = 128 + 9; // SIGKILL, as .NET says it

    private static readonly string Program = Path.ChangeExtension(typeof(KilledWorker).Assembly.Location, null) + (OperatingSystem.IsWindows() ? ".exe" : "");

    /// <summary>Runs a worker until its end.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="name">The worker's name.</param>
    /// <param name="seed">Decides what it tries.</param>
    /// <param name="afterLines">It is killed after so many lines.</param>
    /// <param name="andThen">The time after the last of these lines; null: it kills itself the moment it has written that
    /// one.</param>
    public static async Task<KilledWorker> RunAsync(string folder, string name, int seed, int afterLines, TimeSpan? andThen)
    {
        using Process process = Process.Start(new ProcessStartInfo(Program, ["worker", folder, name, $"{seed}", $"{(andThen is null ? afterLines : 0)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A killed process would leave its debugger's pipes in the temporary folder.
            Environment = { ["DOTNET_EnableDiagnostics"] = "0", ["DOTNET_TieredPGO"] = "0" },
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        var lines = new List<string>();
        try
        {
            while (lines.Count < afterLines && await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                lines.Add(line);
            }

            if (andThen is { } pause)
            {
                await Task.Delay(pause, limit.Token);
            }
            else
            {
                await process.WaitForExitAsync(limit.Token);
            }
        }
        finally
        {
            process.Kill();
        }

        lines.AddRange((await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await process.WaitForExitAsync();
        return new KilledWorker([.. lines.Select(WorkerLine.Read).OfType<string[]>()], process.ExitCode == KilledCode, await errors);
    }
}
