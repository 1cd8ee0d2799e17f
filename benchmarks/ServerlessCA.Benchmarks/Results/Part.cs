using System.Globalization;
using ServerlessCA.Benchmarks.Peers;

namespace ServerlessCA.Benchmarks.Results;

/// <summary>One benchmark, which runs in a process of its own and leaves its result in a file. Immutable.</summary>
/// <param name="Name">Its command.</param>
/// <param name="RunAsync">Measures.</param>
internal sealed record Part(string Name, Func<Effort, Task<BenchmarkResult>> RunAsync)
{
    /// <summary>All, in the order of the page.</summary>
    public static IReadOnlyList<Part> All { get; } =
    [
        new("peers", PeerBenchmark.RunAsync),
    ];

    /// <summary>Where the results of all parts are.</summary>
    public static string Folder(Effort effort) => Path.Combine(Repository.Root, "artifacts", "benchmarks", effort.Of("full", "short"));

    /// <summary>Where its result is.</summary>
    public string File(Effort effort) => Path.Combine(Folder(effort), $"{Name}.json");

    /// <summary>Measures, shows the result, and writes its file.</summary>
    public async Task<int> MeasureAsync(Effort effort)
    {
        double load = Load();
        BenchmarkResult result = await RunAsync(effort) with { LoadBefore = load };
        result.Save(File(effort));
        Console.WriteLine(result.Markdown());
        return 0;
    }

    private static double Load() => System.IO.File.Exists("/proc/loadavg")
        ? double.Parse(System.IO.File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : 0;
}
