using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
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
            int count = effort.Of(Count, Count / 10);
            await RunAsync(issue, clients: 4, first: 0, count); // warm
            var rows = new List<IReadOnlyList<string>>();
            int first = count;
            foreach (int clients in (int[])[1, 2, 8, 32])
            {
                (double rate, double milliseconds) = await RunAsync(issue, clients, first, count);
                rows.Add([Figure.Text(clients, 0), Figure.Text(rate, 0), Figure.Text(milliseconds, 2)]);
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
                        share a transaction and a flush. The clients are in the same process, and making their requests is not counted.
                        """,
                        ["clients", "certificates a second", "ms of CPU each"],
                        rows),
                ],
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Rate, double Milliseconds)> RunAsync(IssueCertificate issue, int clients, int first, int count)
    {
        byte[][] requests = [.. Enumerable.Range(first, count).Select(Request)];
        long start = Stopwatch.GetTimestamp();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(requests.Chunk(count / clients).Select(own => Task.Run(async () =>
        {
            foreach (byte[] request in own)
            {
                if (await issue.RunAsync(request, CancellationToken.None) is not IssueOutcome.Issued)
                {
                    throw new InvalidOperationException("a request was refused");
                }
            }
        })));
        TimeSpan used = Environment.CpuUsage.TotalTime - processor;
        return (count / Stopwatch.GetElapsedTime(start).TotalSeconds, used.TotalMilliseconds / count);
    }

    private static byte[] Request(int index)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string name = string.Create(CultureInfo.InvariantCulture, $"host{index}.example.com");
        string pem = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var request = new JsonObject { ["common_name"] = name, ["base64_csr_data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)) };
        return Encoding.UTF8.GetBytes(request.ToJsonString());
    }
}
