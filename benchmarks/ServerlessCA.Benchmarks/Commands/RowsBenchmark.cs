using Microsoft.Data.Sqlite;
using ServerlessCA.Benchmarks.Load;
using ServerlessCA.Benchmarks.Results;

namespace ServerlessCA.Benchmarks.Commands;

/// <summary>Commands on ledgers of several sizes in which the same few rows matter, each in a process of its own.</summary>
internal static class RowsBenchmark
{
    private const int Revoked = 50;

    private static readonly (string Name, string Command, string Arguments)[] Commands =
    [
        ("list", "list --revoked", "list --revoked"),
        ("search", "list --name NAME", "list --name host777.example.com"),
        ("names", "list --san NAME --expires-within 1d", "list --san www7.example.net --expires-within 1d"),
        ("show", "show SERIAL", $"show {LedgerFill.SerialPrefix}777"),
        ("history", "history NAME", "history host777.example.com"),
        ("run", "run", "run"),
        ("health", "health --no-fetch", "health --no-fetch"),
    ];

    public static async Task<BenchmarkResult> RunAsync(Effort effort)
    {
        await Programs.BuildAsync(always: false);
        int[] sizes = effort.Of<int[]>([1_000, 100_000, 1_000_000], [1_000, 20_000]);
        var runs = new Dictionary<(string Name, int Size), MeteredRun>();
        foreach (int size in sizes)
        {
            DirectoryInfo folder = Directory.CreateTempSubdirectory("serverless-ca-rows-");
            try
            {
                await FillAsync(folder, size);
                for (int round = 0; round < effort.Of(3, 1); round++)
                {
                    foreach ((string name, _, string arguments) in Commands)
                    {
                        MeteredRun run = await RunAsync(folder, arguments.Split(' '));
                        runs[(name, size)] = runs.GetValueOrDefault((name, size)) is { } other && other.Processor < run.Processor ? other : run;
                    }
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }

        return new BenchmarkResult
        {
            Figures = Commands.SelectMany(command => (KeyValuePair<string, double>[])
            [
                new($"rows.{command.Name}.seconds", runs[(command.Name, sizes[^1])].Wall.TotalSeconds),
                new($"rows.{command.Name}.growth", runs[(command.Name, sizes[^1])].Processor / runs[(command.Name, sizes[0])].Processor),
            ]).ToDictionary(),
            Sections =
            [
                new(
                    "Commands on tables of many rows",
                    $"""
                    The native command line on a local CA with so many certificates, {Revoked} of them revoked, each command in a process of its own: the best of
                    a few by processor time. `health` reads every page of ledgers up to 256 MiB, and of none above.
                    """,
                    ["command", .. sizes.SelectMany(size => (string[])[$"{Figure.Text(size, 0)} rows, ms", "ms of CPU", "peak MB"])],
                    [.. Commands.Select(command => (IReadOnlyList<string>)
                    [
                        $"`{command.Command}`",
                        .. sizes.Select(size => runs[(command.Name, size)]).SelectMany(run => (string[])
                        [
                            Figure.Text(run.Wall.TotalMilliseconds, 0), Figure.Text(run.Processor.TotalMilliseconds, 0), Figure.Megabytes(run.Peak),
                        ]),
                    ])]),
            ],
        };
    }

    private static async Task FillAsync(DirectoryInfo folder, int size)
    {
        await RunAsync(folder, "run");
        await RunAsync(folder, "request", "--common-name", "first.example.com", "--out", Path.Combine(folder.FullName, "certs"));
        string file = Path.Combine(folder.FullName, "ca", "ca.db");
        (string issuer, string pem) = First(file);
        new LedgerFill(size, Revoked, Reminders: false).Write(file, DateTimeOffset.UtcNow, issuer, pem);
        await RunAsync(folder, "run"); // the CRL with them
    }

    private static (string Issuer, string Pem) First(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT IssuerKeyId, Certificate FROM Certificates WHERE CommonName = 'first.example.com'";
        using SqliteDataReader row = command.ExecuteReader();
        row.Read();
        return (row.GetString(0), row.GetString(1));
    }

    private static Task<MeteredRun> RunAsync(DirectoryInfo folder, params string[] arguments) =>
        MeteredRun.OfAsync(Programs.Start(Programs.Native, [.. arguments, "--ca", $"local:{Path.Combine(folder.FullName, "ca")}"]));
}
