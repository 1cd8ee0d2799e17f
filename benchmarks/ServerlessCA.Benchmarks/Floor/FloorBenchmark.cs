using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ServerlessCA.Benchmarks.Floor;

/// <summary>Processor time and allocations of one issue in memory beside the cryptography that it cannot avoid. Both take turns in one
/// process.</summary>
internal static class FloorBenchmark
{
    private const int Batch = 25; // then the other one's turn
    private const int Rounds = 24;
    private const int WarmRounds = 16;
    private const double MaxRatio = 1.5; // for P-256
    private const double MaxKilobytes = 40;

    /// <summary>Measures and prints; writes the page too, if it has a path.</summary>
    public static async Task<int> RunAsync(string? page)
    {
        using FloorCa ca = await FloorCa.CreateAsync();
        var lines = new List<string>();
        await MeasureAsync(ca, [.. FloorRequest.Kinds.Select(kind => FloorRequest.Make(kind, 0))], WarmRounds * Batch);
        Console.WriteLine("| Key of the CSR | issue, ms of CPU | floor, ms of CPU | ratio | allocated, kB |\n| --- | --- | --- | --- | --- |");
        foreach (string kind in FloorRequest.Kinds)
        {
            string line = await RowAsync(ca, kind);
            lines.Add(line);
            Console.WriteLine(line);
        }

        if (page is not null)
        {
            await File.WriteAllTextAsync(page, Page(lines, await IssueBenchmark.TableAsync()));
        }

        return 0;
    }

    private static async Task<string> RowAsync(FloorCa ca, string kind)
    {
        FloorRequest[] requests = [.. Enumerable.Range(0, Batch).Select(number => FloorRequest.Make(kind, number))];
        await MeasureAsync(ca, requests, WarmRounds);
        (double issue, double floor, double bytes) = await MeasureAsync(ca, requests, Rounds);
        return string.Create(CultureInfo.InvariantCulture, $"| {kind} | {issue:F3} | {floor:F3} | {issue / floor:F2} | {bytes / 1000:F0} |");
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
            TimeSpan again = Environment.CpuUsage.TotalTime;
            Array.ForEach(requests, ca.RunFloor);
            issuing += middle - start;
            atFloor += Environment.CpuUsage.TotalTime - again;
        }

        double count = rounds * requests.Length;
        return (issuing.TotalMilliseconds / count, atFloor.TotalMilliseconds / count, bytes / count);
    }

    private static string Page(IEnumerable<string> rows, IEnumerable<string> durable)
    {
        var page = new StringBuilder();
        page.AppendLine(
            $"""
            # Performance

            Written by `dotnet run -c Release --project benchmarks/ServerlessCA.Benchmarks -- floor docs/performance.md` on {DateTimeOffset.UtcNow:yyyy-MM-dd}:
            {Processor()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription},
            {Library()}. Trust the ratios and the processor time: a machine may be busy, but both columns take turns in one
            process.

            ## One issue in memory

            A request with a CSR becomes a signed certificate and its answer, without disk or network. The CA has P-256 keys. The floor is the cryptography
            that cannot be avoided: import the CSR's key and verify its signature, sign, verify the own signature. An RSA key is besides searched for small
            factors and known weaknesses (contract 12.27), which the floor does not have.

            | Key of the CSR | issue, ms of CPU | floor, ms of CPU | ratio | allocated, kB |
            | --- | --- | --- | --- | --- |
            """);
        page.AppendJoin('\n', rows).AppendLine();
        page.AppendLine(
            $"""

            The targets for P-256 are a ratio of {MaxRatio.ToString(CultureInfo.InvariantCulture)} and {MaxKilobytes.ToString(CultureInfo.InvariantCulture)} kB. Where the table has more, they are missed. A
            processor profile over all kinds of keys shows no single place besides the search for small factors, nearly all of what an RSA key costs, which the
            contract demands. Where the bytes are allocated is not known yet. To try next: count the bytes that each part allocates; write extensions and
            names into one ASN.1 writer; keep the base64 texts of the CA chain, which every answer repeats.

            ## Durable issues

            The same on files and SQLite. Every certificate is flushed to the disk before it is answered; those that wait for the disk together share a
            transaction and a flush. The clients are in the same process, and making their requests is not counted.

            """);
        page.AppendJoin('\n', durable).AppendLine();
        page.AppendLine(
            """

            Not measured on this page: `serve` against step-ca and cfssl, runs of GitOps entries, and tables of a million rows.

            ## How cost grows

            | Work | grows with |
            | --- | --- |
            | an issue | rows of the same name; others are found by index |
            | `show SERIAL` | nothing: its row is found by index |
            | an issue whose request leaves open who is notified | entries of `tls.json` |
            | a run of the GitOps list | its entries |
            | a CRL | revoked certificates |
            | reminders of expiry | certificates that expire on the days in question |
            | `health` on SQLite | certificates to remind of within the days in question; reservations, where rows were deleted by hand |
            | `health` on DynamoDB | rows of the table: it reads all of them, for reservations without certificate and forbidden usages |

            ## Beyond one region

            On paper; nothing of it is built. The ledger's promises (one certificate a key, rising CRL numbers, one use of a token) rest on transactions, and
            DynamoDB's global tables merge concurrent writes of several regions by the last writer. So one region writes at a time. Others may read a replica
            of the table, and serve CRLs and certificates from a replicated bucket. To move the writing region, stop writing in the old one, wait until
            replication has caught up, and raise the CRL number beyond any that was published. The keys are then multi-region keys of KMS, which must be
            chosen when they are created.
            """);
        return page.ToString();
    }

    private static string Library() => OperatingSystem.IsLinux() ? $"OpenSSL {SafeEvpPKeyHandle.OpenSslVersion:x}" : "the cryptography of the system";

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "an unknown processor"
        : "an unknown processor";
}
