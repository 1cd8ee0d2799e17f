using System.Diagnostics;
using System.Globalization;
using ServerlessCA.Benchmarks.Load;
using ServerlessCA.Benchmarks.Results;
using ServerlessCA.Benchmarks.Serve;

namespace ServerlessCA.Benchmarks.Commands;

/// <summary>How long every command of the command line takes on a small CA, where nearly all of it is the start.</summary>
internal static class StartBenchmark
{
    // {n} differs from run to run. In this order: a certificate is revoked that was requested before.
    private static readonly (string Command, string Arguments, int ExitCode)[] Commands =
    [
        ("version", "version", 0),
        ("help", "help request", 0),
        ("completion", "completion bash", 0),
        ("schema", "schema tls", 0),
        ("init", "init --yes --ca local:new{n}", 0),
        ("run", "run --ca local:ca", 0),
        ("plan", "plan {list} --ca local:ca", 0),
        ("csr", "csr --common-name other{n}.example.com --out csr{n}", 0),
        ("request", "request --common-name host{n}.example.com --purpose server_auth --out certs --name host{n} --ca local:ca", 0),
        ("renew", "renew certs/host{n}.pem --ca local:ca", 0),
        ("needs-renewal", "needs-renewal certs/host{n}.pem --ca local:ca", 0),
        ("list", "list --ca local:ca", 0),
        ("show", "show first.example.com --ca local:ca", 0),
        ("history", "history first.example.com --ca local:ca", 0),
        ("get", "get first.example.com --ca local:ca", 0),
        ("chain", "chain --ca local:ca", 0),
        ("trust", "trust --system debian --ca local:ca", 0),
        ("decode", "decode certs/first.pem", 0),
        ("revoke", "revoke first{n}.example.com --ca local:ca", 0),
        ("crl", "crl accept --ca local:ca", 0),
        ("page", "page --out page{n} --ca local:ca", 0),
        ("health", "health --no-fetch --ca local:ca", 0),
        ("backup", "backup backup{n} --ca local:ca", 0),
        ("restore", "restore backup{n} --without-crl --ca local:restored{n}", 0),
    ];

    public static async Task<BenchmarkResult> RunAsync(Effort effort)
    {
        await Programs.BuildAsync(always: false);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("serverless-ca-start-");
        try
        {
            int rounds = effort.Of(9, 1);
            await PrepareAsync(folder, rounds);
            var runs = new Dictionary<(string Command, string Program), List<MeteredRun>>();
            for (int round = 0; round < rounds; round++)
            {
                for (int program = 0; program < Programs.Both.Count; program++)
                {
                    string number = Number((round * Programs.Both.Count) + program);
                    foreach ((string command, string arguments, int exitCode) in Commands)
                    {
                        string[] words = [.. arguments.Split(' ').Select(word => word
                            .Replace("{n}", number, StringComparison.Ordinal)
                            .Replace("{list}", Path.Combine(Repository.Root, "examples", "gitops", "dev"), StringComparison.Ordinal))];
                        Add((command, Programs.Both[program].Name), await RunAsync(folder, program, exitCode, words));
                    }

                    Add(("serve, until it listens", Programs.Both[program].Name), await ServeAsync(Programs.Both[program].Path));
                }
            }

            return Result(runs);

            void Add((string Command, string Program) key, MeteredRun run)
            {
                runs.TryAdd(key, []);
                runs[key].Add(run);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // What the commands need, and one certificate to be revoked for every round of each program.
    private static async Task PrepareAsync(DirectoryInfo folder, int rounds)
    {
        await RunAsync(folder, 0, 0, "run", "--ca", "local:ca");
        await RunAsync(folder, 0, 0, "request", "--common-name", "first.example.com", "--out", "certs", "--name", "first", "--ca", "local:ca");
        for (int number = 0; number < rounds * Programs.Both.Count; number++)
        {
            string name = $"first{Number(number)}";
            await RunAsync(folder, 0, 0, "request", "--common-name", $"{name}.example.com", "--out", "certs", "--name", name, "--ca", "local:ca");
        }
    }

    private static Task<MeteredRun> RunAsync(DirectoryInfo folder, int program, int exitCode, params string[] arguments)
    {
        ProcessStartInfo start = Programs.Start(Programs.Both[program].Path, arguments);
        start.WorkingDirectory = folder.FullName;
        return MeteredRun.OfAsync(start, exitCode);
    }

    private static async Task<MeteredRun> ServeAsync(string program)
    {
        long start = Stopwatch.GetTimestamp();
        await using ServedProcess served = await ServedProcess.StartAsync(program);
        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        return new MeteredRun(wall, new ProcessMeter(served.Id).Processor, served.Peak);
    }

    private static BenchmarkResult Result(Dictionary<(string Command, string Program), List<MeteredRun>> runs)
    {
        string[] programs = [.. Programs.Both.Select(one => one.Name)];
        return new BenchmarkResult
        {
            Sections =
            [
                new(
                    "Start of every command",
                    """
                    Each command once on a local CA with a few certificates, as a process, both programs in turns; medians of time by the clock, means of
                    processor time. `version` does nothing else than start, so it is the floor of all. `serve` makes a new CA. Memory is looked at every 4 ms.
                    """,
                    ["command", .. programs.SelectMany(name => (string[])[$"{name}, ms", $"{name}, ms of CPU", $"{name}, peak MB"])],
                    [.. runs.Keys.Select(key => key.Command).Distinct().Select(command => (IReadOnlyList<string>)
                    [
                        command,
                        .. programs.Select(program => runs[(command, program)]).SelectMany(ran => (string[])
                        [
                            Figure.Text(Figure.Median(ran.Select(one => one.Wall.TotalMilliseconds)), 0),
                            Figure.Text(ran.Average(one => one.Processor.TotalMilliseconds), 0),
                            Figure.Megabytes(ran.Max(one => one.Peak)),
                        ]),
                    ])]),
            ],
        };
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
