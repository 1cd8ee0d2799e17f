using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Local;

namespace ServerlessCA.Benchmarks.Rows;

/// <summary>Runs of a local CA over a GitOps folder: the first one, which issues all, and the second one, which finds nothing to do. Each
/// is a process of its own, as with the command <c>run</c>: its processor time and its peak of memory have its start in them.</summary>
internal static class RunBenchmark
{
    private static readonly int[] Sizes = [1_000, 10_000];

    public static int RunAll(IReadOnlyList<int> sizes)
    {
        Console.WriteLine($"{"entries",8}{"run",8}{"wall s",9}{"cpu s",9}{"ms each",9}{"kB each",9}{"peak MB",9}   result");
        foreach (int size in sizes.Count > 0 ? sizes : Sizes)
        {
            string folder = Directory.CreateTempSubdirectory("serverless-ca-runs-").FullName;
            try
            {
                Fill(folder, size);
                if (RunChild("first", folder) + RunChild("second", folder) + RunChild("third", folder) > 0)
                {
                    return 1;
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return 0;
    }

    /// <summary>One run in this process.</summary>
    public static async Task<int> RunOneAsync(string which, string folder)
    {
        long start = Stopwatch.GetTimestamp();
        using LocalCa local = await LocalCa.OpenAsync(
            new DataFolder(Path.Combine(folder, "ca")), create: true, TimeProvider.System, delivered: null, CancellationToken.None);
        await local.CreateKeysAsync(CancellationToken.None);
        var ca = new Deployment(
            local.Settings.Ca, local.Keys, local.Ledger, new Local.Files.FolderInternalFiles(Path.Combine(folder, "certs")), local.PublishedFiles, local.CrlCopies,
            local.Notifier, local.Serials, TimeProvider.System);
        PipelineReport report = await new RunPipeline(ca).RunAsync(CancellationToken.None);
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double processor = Environment.CpuUsage.TotalTime.TotalSeconds;
        int count = report.Entries.Count;
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count,8}{which,8}{wall,9:F2}{processor,9:F2}{processor * 1000 / count,9:F3}{GC.GetTotalAllocatedBytes() / 1000 / count,9}{self.PeakWorkingSet64 / 1e6,9:F0}   {report.Steps.First(step => step.Step == CaFunction.TlsCert).Message}"));
        return report.Steps.Any(step => step.Status == StepStatus.Failed) ? 1 : 0;
    }

    private static int RunChild(string which, string folder)
    {
        using Process child = Process.Start(new ProcessStartInfo("dotnet", [typeof(RunBenchmark).Assembly.Location, "runs", which, folder]))!;
        child.WaitForExit();
        return child.ExitCode;
    }

    /// <summary>Makes the folder <c>certs</c> with so many entries.</summary>
    public static int Fill(string folder, int count)
    {
        string csrs = Directory.CreateDirectory(Path.Combine(folder, "certs", "csrs")).FullName;
        var list = new JsonArray();
        for (int number = 0; number < count; number++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"host{number}.example.com");
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            File.WriteAllText(Path.Combine(csrs, $"{name}.csr"), new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem());
            list.Add(new JsonObject { ["common_name"] = name, ["lifetime"] = 90, ["csr_file"] = $"{name}.csr", ["sans"] = new JsonArray(name, $"www.{name}") });
        }

        File.WriteAllText(Path.Combine(folder, "certs", "tls.json"), list.ToJsonString());
        return 0;
    }
}
