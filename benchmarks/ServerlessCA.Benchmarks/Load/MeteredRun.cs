using System.Diagnostics;

namespace ServerlessCA.Benchmarks.Load;

/// <summary>What a program cost from its start to its end. Immutable.</summary>
/// <param name="Wall">By the clock.</param>
/// <param name="Processor">Processor time of all its threads.</param>
/// <param name="Peak">The most memory that it held, in bytes; a peak shorter than <see cref="Look"/> may be missed.</param>
internal sealed record MeteredRun(TimeSpan Wall, TimeSpan Processor, long Peak)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(4);

    /// <summary>Runs a program. No other child of this process may end meanwhile.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than the expected one.</exception>
    public static async Task<MeteredRun> OfAsync(ProcessStartInfo start, int expected = 0)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        TimeSpan before = ProcessMeter.Children;
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        Task<long> peak = PeakAsync(process);
        await process.WaitForExitAsync();
        TimeSpan wall = Stopwatch.GetElapsedTime(began);
        if (process.ExitCode != expected)
        {
            throw new InvalidOperationException($"{string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {await errors}{await output}");
        }

        return new MeteredRun(wall, ProcessMeter.Children - before, await peak);
    }

    private static async Task<long> PeakAsync(Process process)
    {
        var meter = new ProcessMeter(process.Id);
        for (long peak = 0; ; await Task.Delay(Look))
        {
            try
            {
                peak = Math.Max(peak, meter.Peak);
            }
            catch (Exception ended) when (ended is IOException or InvalidOperationException)
            {
                return peak; // it has no memory any more
            }
        }
    }
}
