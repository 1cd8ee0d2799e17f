using System.Diagnostics;
using System.Globalization;
using ServerlessCA.Benchmarks.Commands;
using ServerlessCA.Benchmarks.Floor;
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
        new("floor", FloorBenchmark.RunAsync),
        new("issue", IssueBenchmark.RunAsync),
        new("peers", PeerBenchmark.RunAsync),
        new("gitops", GitOpsBenchmark.RunAsync),
        new("crl", CrlBenchmark.RunAsync),
        new("rows", RowsBenchmark.RunAsync),
        new("list", ListBenchmark.RunAsync),
        new("reads", ReadBenchmark.RunAsync),
        new("lambda", LambdaBenchmark.RunAsync),
        new("start", StartBenchmark.RunAsync),
    ];

    /// <summary>Where the results of all parts are.</summary>
    public static string Folder(Effort effort) => Path.Combine(Repository.Root, "artifacts", "benchmarks", effort.Of("full", "short"));

    /// <summary>Where its result is.</summary>
    public string File(Effort effort) => Path.Combine(Folder(effort), $"{Name}.json");

    /// <summary>Runs all, each in a process of its own. A part that fails has no result.</summary>
    /// <returns>0 when none failed, else 1.</returns>
    public static async Task<int> MeasureAllAsync(Effort effort)
    {
        if (!System.IO.File.Exists(Path.Combine(Programs.Peers, "step-ca")))
        {
            await Programs.RunAsync(Path.Combine(Repository.Root, "benchmarks", "peers", "build"));
        }

        Directory.CreateDirectory(Folder(effort));
        await Programs.BuildAsync(always: !effort.IsShort);
        int worst = 0;
        foreach (Part part in All)
        {
            System.IO.File.Delete(part.File(effort));
            Console.Error.WriteLine($"{part.Name} ...");
            using Process child = Process.Start(new ProcessStartInfo("dotnet", [typeof(Part).Assembly.Location, part.Name, .. effort.Of<string[]>([], ["--short"])]))!;
            await child.WaitForExitAsync();
            worst = child.ExitCode == 0 ? worst : 1;
        }

        return worst;
    }

    /// <summary>Measures, shows the result, and writes its file.</summary>
    public async Task<int> MeasureAsync(Effort effort)
    {
        double load = Load();
        BenchmarkResult result = await RunAsync(effort);
        result = result with { LoadBefore = load };
        result.Save(File(effort));
        Console.WriteLine(result.Markdown());
        return 0;
    }

    private static double Load() => System.IO.File.Exists("/proc/loadavg")
        ? double.Parse(System.IO.File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : 0;
}
