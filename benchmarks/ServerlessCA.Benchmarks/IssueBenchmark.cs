using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Local;

namespace ServerlessCA.Benchmarks;

/// <summary>Certificates a second through the whole use case, on files and SQLite.</summary>
internal static class IssueBenchmark
{
    private const int Count = 500;

    public static async Task<int> RunAsync()
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

            byte[][] requests = [.. Enumerable.Range(0, Count).Select(Request)];
            long start = Stopwatch.GetTimestamp();
            int issued = 0;
            foreach (byte[] request in requests)
            {
                issued += await new IssueCertificate(ca).RunAsync(request, CancellationToken.None) is IssueOutcome.Issued ? 1 : 0;
            }

            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{issued} certificates in {seconds:F2} s: {issued / seconds:F0} a second"));
            return issued == Count ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
