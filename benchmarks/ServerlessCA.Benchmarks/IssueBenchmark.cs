using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Local;

namespace ServerlessCA.Benchmarks;

/// <summary>Durable certificates a second through the whole use case, on files and SQLite, for several clients at once.</summary>
internal static class IssueBenchmark
{
    private const int Count = 1600; // for each number of clients

    public static async Task<int> RunAsync()
    {
        Console.WriteLine(string.Join('\n', await TableAsync()));
        return 0;
    }

    /// <summary>Measures, and returns the lines of a table.</summary>
    public static async Task<IReadOnlyList<string>> TableAsync()
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
            await RunAsync(issue, clients: 4, first: 0); // warm
            var lines = new List<string> { "| clients | certificates a second | ms of CPU each |", "| --- | --- | --- |" };
            int first = Count;
            foreach (int clients in (int[])[1, 2, 8, 32])
            {
                (double rate, double milliseconds) = await RunAsync(issue, clients, first);
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"| {clients} | {rate:F0} | {milliseconds:F2} |"));
                first += Count;
            }

            return lines;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Rate, double Milliseconds)> RunAsync(IssueCertificate issue, int clients, int first)
    {
        byte[][] requests = [.. Enumerable.Range(first, Count).Select(Request)];
        long start = Stopwatch.GetTimestamp();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(requests.Chunk(Count / clients).Select(own => Task.Run(async () =>
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
        return (Count / Stopwatch.GetElapsedTime(start).TotalSeconds, used.TotalMilliseconds / Count);
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
