using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using ServerlessCA.Benchmarks.Results;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Local.Keys;

namespace ServerlessCA.Benchmarks;

/// <summary>Time and peak memory of CRLs by size.</summary>
internal static class CrlBenchmark
{
    private static readonly int[] Sizes = [1_000, 10_000, 100_000, 1_000_000];

    // Hexadecimal bytes: the limit that .NET gives itself in a container of 256 MiB, three quarters of it.
    private const string ContainerHeap = "C000000";

    public static async Task<BenchmarkResult> RunAsync(Effort effort)
    {
        string folder = Directory.CreateTempSubdirectory("serverless-ca-crl-").FullName;
        try
        {
            var rows = new List<IReadOnlyList<string>>();
            foreach (int size in effort.Of(Sizes, Sizes[..2]))
            {
                rows.Add(await RunChildAsync(size, folder));
            }

            return new BenchmarkResult
            {
                Sections =
                [
                    new(
                        "CRLs",
                        """
                        Making, signing, verifying and encoding a CRL in both forms, each size in a process of its own, with the heap that .NET uses in a container
                        of 256 MiB. OpenSSL reads the result and verifies its signature.
                        """,
                        ["entries", "DER MB", "wall s", "CPU s", "peak MB", "openssl"],
                        rows),
                ],
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One size in this process, so that the peak is its own.</summary>
    public static async Task<int> RunOneAsync(int count, string folder)
    {
        using var keys = new KeyFiles(Path.Combine(folder, "keys"), passphrase: null, TimeProvider.System);
        await keys.CreateAsync("issuing", KeySpec.EccNistP256, CancellationToken.None);
        ICaKey key = (await keys.FindAsync("issuing", CancellationToken.None))!;
        Certificate issuer = await IssuerAsync(key);
        await File.WriteAllTextAsync(Path.Combine(folder, "issuer.pem"), issuer.Pem);
        CrlTemplate? template = Template(issuer, count);

        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        Task<CertificateRevocationList> signing = CrlSigner.SignAsync(template, key, CancellationToken.None);
        template = null; // the entries belong to the caller, who is done with them
        CertificateRevocationList crl = await signing;
        byte[] pem = crl.Pem();
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;

        string file = Path.Combine(folder, "list.crl.pem");
        await File.WriteAllBytesAsync(file, pem);
        string verdict = OpenSsl("crl", "-in", file, "-noout", "-verify", "-CAfile", Path.Combine(folder, "issuer.pem"));
        Console.WriteLine(string.Join('\t', [
            Figure.Text(count, 0), Figure.Text(crl.Der.Length / 1e6, 2), Figure.Text(wall, 2), Figure.Text(processor, 2), Figure.Text(PeakMegabytes(), 0), verdict,
        ]));
        return verdict == "verify OK" ? 0 : 1;
    }

    private static CrlTemplate Template(Certificate issuer, int count) => new(
        issuer, 1, DateTimeOffset.UnixEpoch.AddYears(60), DateTimeOffset.UnixEpoch.AddYears(61), Enumerable.Range(1, count).Select(Entry).ToArray());

    private static async Task<IReadOnlyList<string>> RunChildAsync(int size, string folder)
    {
        string run = Directory.CreateDirectory(Path.Combine(folder, size.ToString(CultureInfo.InvariantCulture))).FullName;
        string[] arguments = [typeof(CrlBenchmark).Assembly.Location, "crl", size.ToString(CultureInfo.InvariantCulture), run];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = ContainerHeap;
        using Process child = Process.Start(start)!;
        string row = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return child.ExitCode == 0 ? row.Trim().Split('\t') : throw new InvalidOperationException($"the CRL of {size} entries failed: {row}");
    }

    private static async Task<Certificate> IssuerAsync(ICaKey key)
    {
        SubjectAttributes.CommonName.TryMake("Benchmark CA", out NameAttribute? name, out _);
        if (!PublicKey.TryParse(key.SubjectPublicKeyInfo, out PublicKey? publicKey, out string? why))
        {
            throw new InvalidOperationException(why);
        }

        CertificateTemplate template = RootCertificate.Template(
            SerialNumber.Of(1), DistinguishedName.Of([name!]).Der, publicKey, DateTimeOffset.UnixEpoch.AddYears(55), 20_000, null);
        return await CertificateSigner.SignAsync(template, key, issuer: null, CancellationToken.None);
    }

    // Serial numbers of 20 octets in no order, as random ones are.
    private static CrlEntry Entry(int index)
    {
        BigInteger spread = (BigInteger.One << 158) + (new BigInteger(index) * 0x9E3779B97F4A7C15UL << 70);
        BigInteger serial = (spread % (BigInteger.One << 158)) + (BigInteger.One << 158);
        return new CrlEntry(SerialNumber.Of(serial), DateTimeOffset.UnixEpoch.AddYears(56).AddSeconds(index), RevocationReason.KeyCompromise);
    }

    private static double PeakMegabytes() => Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;

    private static string OpenSsl(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process openssl = Process.Start(start)!;
        string said = openssl.StandardError.ReadToEnd() + openssl.StandardOutput.ReadToEnd();
        openssl.WaitForExit();
        return said.Trim();
    }
}
