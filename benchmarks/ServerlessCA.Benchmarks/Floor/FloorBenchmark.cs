using ServerlessCA.Benchmarks.Results;

namespace ServerlessCA.Benchmarks.Floor;

/// <summary>Processor time and allocations of one issue in memory beside the cryptography that it cannot avoid. Both take turns in one
/// process.</summary>
internal static class FloorBenchmark
{
    private const int Batch = 25; // then the other one's turn
    private const int Rounds = 24;
    private const int WarmRounds = 16;

    public static async Task<BenchmarkResult> RunAsync(Effort effort)
    {
        using FloorCa ca = await FloorCa.CreateAsync();
        await MeasureAsync(ca, [.. FloorRequest.Kinds.Select(kind => FloorRequest.Make(kind, 0))], effort.Of(WarmRounds * Batch, Batch));
        var rows = new List<IReadOnlyList<string>>();
        var figures = new Dictionary<string, double>();
        foreach (string kind in FloorRequest.Kinds)
        {
            FloorRequest[] requests = [.. Enumerable.Range(0, Batch).Select(number => FloorRequest.Make(kind, number))];
            await MeasureAsync(ca, requests, effort.Of(WarmRounds, 1));
            (double issue, double floor, double bytes) = await MeasureAsync(ca, requests, effort.Of(Rounds, 3));
            rows.Add([kind, Figure.Text(issue, 3), Figure.Text(floor, 3), Figure.Text(issue / floor, 2), Figure.Text(bytes / 1000, 0)]);
            figures[$"floor.{kind}.milliseconds"] = floor;
            figures[$"floor.{kind}.ratio"] = issue / floor;
            figures[$"floor.{kind}.kilobytes"] = bytes / 1000;
        }

        return new BenchmarkResult
        {
            Figures = figures,
            Sections =
            [
                new(
                    "One issue in memory",
                    """
                    A request with a CSR becomes a signed certificate and its answer, without disk or network. The CA has P-256 keys. The floor is the
                    cryptography that cannot be avoided: import the CSR's key and verify its signature, sign, verify the own signature. Both take turns in one
                    process. An RSA key is besides searched for small factors and known weaknesses (contract 12.27), which the floor does not have.
                    """,
                    ["key of the CSR", "issue, ms of CPU", "floor, ms of CPU", "ratio", "allocated, kB"],
                    rows),
            ],
        };
    }

    // Returns milliseconds of the processor for one issue and one floor, and the bytes that one issue allocates.
    private static async Task<(double Issue, double Floor, double Bytes)> MeasureAsync(FloorCa ca, FloorRequest[] requests, int rounds)
    {
        TimeSpan issuing = TimeSpan.Zero, atFloor = TimeSpan.Zero;
        long bytes = 0;
        for (int round = 0; round < rounds; round++)
        {
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan start = Environment.CpuUsage.TotalTime;
            foreach (FloorRequest request in requests)
            {
                await ca.IssueAsync(request);
            }

            TimeSpan middle = Environment.CpuUsage.TotalTime;
            bytes += GC.GetTotalAllocatedBytes(precise: true) - allocated;
            issuing += middle - start;
            atFloor += ca.Work(requests);
        }

        double count = rounds * requests.Length;
        return (issuing.TotalMilliseconds / count, atFloor.TotalMilliseconds / count, bytes / count);
    }
}
