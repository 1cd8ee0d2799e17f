using System.Text.Json;
using ServerlessCA.Benchmarks.Floor;
using ServerlessCA.Benchmarks.Load;
using ServerlessCA.Benchmarks.Results;

namespace ServerlessCA.Benchmarks.Commands;

/// <summary>Runs over GitOps folders: the first issues a certificate for every entry, the second finds nothing to do. Each is a process.</summary>
internal static class GitOpsBenchmark
{
    private static readonly string[] Purposes = ["server_auth"];

    public static async Task<BenchmarkResult> RunAsync(Effort effort)
    {
        await Programs.BuildAsync(always: false);
        using FloorCa floor = await FloorCa.CreateAsync();
        FloorRequest[] requests = [.. Enumerable.Range(0, effort.Of(1_000, 100)).Select(number => FloorRequest.Make("P-256", number))];
        floor.Work(requests); // warm
        int[] sizes = effort.Of<int[]>([1_000, 10_000], [100, 1_000]);
        var rows = new List<IReadOnlyList<string>>();
        var figures = new Dictionary<string, double>();
        foreach (int size in sizes)
        {
            DirectoryInfo folder = Directory.CreateTempSubdirectory("serverless-ca-gitops-");
            try
            {
                string list = Path.Combine(folder.FullName, "list");
                Fill(list, size);
                var runs = new Dictionary<(string Program, string Run), MeteredRun>();
                TimeSpan least = floor.Work(requests) / requests.Length;
                foreach (string run in (string[])["first", "second"])
                {
                    foreach ((string name, string program) in Programs.Both)
                    {
                        runs[(name, run)] = await MeteredRun.OfAsync(Programs.Start(program, "run", list, "--ca", $"local:{Path.Combine(folder.FullName, name)}"));
                    }
                }

                foreach (((string name, string run), MeteredRun ran) in runs.OrderBy(one => one.Key.Program, StringComparer.Ordinal).ThenBy(one => one.Key.Run, StringComparer.Ordinal))
                {
                    rows.Add([
                        Figure.Text(size, 0), name, run, Figure.Text(ran.Wall.TotalSeconds, 1), Figure.Text(ran.Processor.TotalSeconds, 2),
                        Figure.Text(ran.Processor.TotalMilliseconds / size, 2), run == "first" ? Figure.Text(least.TotalMilliseconds, 2) : "", Figure.Megabytes(ran.Peak),
                    ]);
                    string prefix = size == sizes[0] ? $"gitops.few.{name}.{run}" : $"gitops.many.{name}.{run}";
                    figures[$"{prefix}.seconds"] = ran.Processor.TotalSeconds;
                    figures[$"{prefix}.milliseconds"] = ran.Processor.TotalMilliseconds / size;
                    figures[$"{prefix}.peak"] = ran.Peak;
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        foreach ((string name, _) in Programs.Both)
        {
            foreach (string run in (string[])["first", "second"])
            {
                figures[$"gitops.growth.{name}.{run}"] = figures[$"gitops.many.{name}.{run}.peak"] / figures[$"gitops.few.{name}.{run}.peak"];
            }
        }

        return new BenchmarkResult
        {
            Figures = figures,
            Sections =
            [
                new(
                    "Runs over a GitOps folder",
                    """
                    `serverless-ca run` over a `tls.json` of so many entries, each with a CSR of its own with a P-256 key, on a new local CA. The first run makes
                    the CAs and issues every certificate; the second finds all of them issued. Each is a process of its own, whose start is counted. The floor
                    is the cryptography of an issue.
                    """,
                    ["entries", "program", "run", "wall s", "CPU s", "ms of CPU an entry", "floor, ms of CPU", "peak MB"],
                    rows),
            ],
        };
    }

    private static void Fill(string folder, int size)
    {
        string csrs = Directory.CreateDirectory(Path.Combine(folder, "csrs")).FullName;
        LoadCsr[] all = [.. Enumerable.Range(0, size).AsParallel().Select(_ => LoadCsr.Make())];
        foreach (LoadCsr csr in all)
        {
            File.WriteAllText(Path.Combine(csrs, $"{csr.Name}.csr"), csr.Pem);
        }

        File.WriteAllBytes(Path.Combine(folder, "tls.json"), JsonSerializer.SerializeToUtf8Bytes(all.Select(csr => new Dictionary<string, object>
        {
            ["common_name"] = csr.Name, ["csr_file"] = $"{csr.Name}.csr", ["purposes"] = Purposes, ["lifetime"] = 365, ["sans"] = new[] { csr.Name },
        })));
    }
}
