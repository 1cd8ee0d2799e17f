using System.Diagnostics;
using ServerlessCA.Benchmarks.Floor;
using ServerlessCA.Benchmarks.Results;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Local;

namespace ServerlessCA.Benchmarks;

/// <summary>Durable certificates a second through the whole use case, on files and SQLite, for several clients at once.</summary>
internal static class IssueBenchmark
{
    private const int Count = 1600; // for each number of clients

    public static async Task<BenchmarkResult> RunAsync(Effort effort)
    {
        string folder = Directory.CreateTempSubdirectory("serverless-ca-issue-").FullName;
        try
        {
            using LocalCa local = await LocalCa.OpenAsync(
                new DataFolder(Path.Combine(folder, "ca")), create: true, TimeProvider.System, delivered: null, CancellationToken.None);
            await local.CreateKeysAsync(CancellationToken.None);
            var ca = new Deployment(
                local.Settings.Ca, local.Keys, local.Ledger, local.InternalFiles, local.PublishedFiles, local.CrlCopies, local.Notifier, local.Serials, TimeProvider.System);
            await new CreateRootCa(ca).RunAsync(CancellationToken.None);
            await new CreateIssuingCa(ca).RunAsync(CancellationToken.None);

            var issue = new IssueCertificate(ca);
            using FloorCa floor = await FloorCa.CreateAsync();
            int count = effort.Of(Count, Count / 10);
            await RunAsync(issue, floor, clients: 4, first: 0, count); // warm
            var rows = new List<IReadOnlyList<string>>();
            int first = count;
            foreach (int clients in (int[])[1, 2, 8, 32])
            {
                (double rate, double work, double least) = await RunAsync(issue, floor, clients, first, count);
                rows.Add([Figure.Text(clients, 0), Figure.Text(rate, 0), Figure.Text(work, 2), Figure.Text(least, 2), Figure.Text(work / least, 2)]);
                first += count;
            }

            return new BenchmarkResult
            {
                Sections =
                [
                    new(
                        "Durable issues in one process",
                        """
                        The same on files and SQLite. Every certificate is flushed to the disk before it is answered; those that wait for the disk together
                        share a transaction and a flush. The clients are in the same process, and making their requests is not counted. The floor is the cryptography
                        for the same requests, one after another.
                        """,
                        ["clients", "certificates a second", "ms of CPU each", "floor, ms of CPU", "ratio"],
                        rows),
                ],
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Rate, double Work, double Floor)> RunAsync(IssueCertificate issue, FloorCa floor, int clients, int first, int count)
    {
        FloorRequest[] requests = [.. Enumerable.Range(first, count).Select(number => FloorRequest.Make("P-256", number))];
        long start = Stopwatch.GetTimestamp();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(requests.Chunk(count / clients).Select(own => Task.Run(async () =>
        {
            foreach (FloorRequest request in own)
            {
                if (await issue.RunAsync(request.Json, CancellationToken.None) is not IssueOutcome.Issued)
                {
                    throw new InvalidOperationException("a request was refused");
                }
            }
        })));
        TimeSpan used = Environment.CpuUsage.TotalTime - processor;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (count / seconds, used.TotalMilliseconds / count, floor.Work(requests).TotalMilliseconds / count);
    }
}
