using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Local;

namespace ServerlessCA.Benchmarks.Rows;

/// <summary>What reads cost in ledgers of SQLite of several sizes, each in a process of its own. The certificates expire over a year, each
/// is reminded of, one in a thousand is revoked.</summary>
internal static class RowsBenchmark
{
    private const int Tries = 3;
    private const int PageLines = 50;
    private const int RevokedOneOf = 1000;

    private static readonly int[] Sizes = [1_000, 100_000, 1_000_000];

    public static int RunAll(IReadOnlyList<int> sizes)
    {
        Console.WriteLine($"{"rows",9}  {"what",-34}{"found",9}{"best ms",10}{"CPU ms",10}{"alloc kB",11}");
        foreach (int size in sizes.Count > 0 ? sizes : Sizes)
        {
            string folder = Directory.CreateTempSubdirectory("serverless-ca-rows-").FullName;
            try
            {
                using Process child = Process.Start(new ProcessStartInfo(
                    "dotnet", [typeof(RowsBenchmark).Assembly.Location, "rows", "one", size.ToString(CultureInfo.InvariantCulture), folder]))!;
                child.WaitForExit();
                if (child.ExitCode != 0)
                {
                    return child.ExitCode;
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        return 0;
    }

    /// <summary>One size in this process.</summary>
    public static async Task<int> RunOneAsync(int count, string folder)
    {
        var data = new DataFolder(Path.Combine(folder, "ca"));
        string pem;
        using (LocalCa local = await OpenAsync(data))
        {
            await local.CreateKeysAsync(CancellationToken.None);
            await File.WriteAllTextAsync(Path.Combine(data.Internal, "tls.json"), "[]");
            await new RunPipeline(DeploymentOf(local)).RunAsync(CancellationToken.None);
            pem = await IssueAsync(DeploymentOf(local));
        }

        Fill(data.LedgerFile, pem, count);
        using (LocalCa local = await OpenAsync(data))
        {
            await MeasureAsync(DeploymentOf(local), count);
        }

        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{count,9}  peak {self.PeakWorkingSet64 / 1e6:F0} MB, file {new FileInfo(data.LedgerFile).Length / 1e6:F0} MB"));
        return 0;
    }

    private static async Task MeasureAsync(Deployment ca, int count)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        var inventory = new CertificateInventory(ca.Ledger);
        foreach ((string name, InventoryFilter filter) in new (string, InventoryFilter)[]
        {
            ("list --expires-within 1d", new() { ExpiresFrom = now, ExpiresUntil = now.AddDays(1) }),
            ("list --revoked", new() { Revoked = true }),
        })
        {
            await MeasureAsync(count, name, async () => (await inventory.ListAsync(new InventoryQuery(filter), now, CancellationToken.None)).Count);
        }

        foreach ((string name, InventoryFilter filter) in new (string, InventoryFilter)[]
        {
            ("search name", new() { Name = "host77" }), ("search alternative name", new() { AlternativeName = "host777.example.com" }), ("first page of all", new()),
        })
        {
            await MeasureAsync(count, name, async () => (await inventory.ListAsync(new InventoryQuery(filter) { Limit = PageLines }, now, CancellationToken.None)).Count);
        }

        CertificateRecord some = (await ca.Ledger.FindByNameAsync("host777.example.com", CancellationToken.None))[0];
        await MeasureAsync(count, "show SERIAL", async () => (await inventory.FindByNameOrSerialAsync(some.SerialNumber.ToString(), CancellationToken.None)).Count);
        await MeasureAsync(count, "summary", async () => (await inventory.SummarizeAsync(now, CancellationToken.None)).Valid);
        await MeasureAsync(count, "health", async () => (await new CheckHealth(ca).RunAsync(CancellationToken.None)).Count);
        await MeasureAsync(count, "expiry run, decided", async () => (await new RemindOfExpiry(ca).DecideAsync(CancellationToken.None)).Due.Count);
        await MeasureAsync(count, "CRL run", async () =>
        {
            await PublishCrl.OfIssuing(ca).RunAsync(CancellationToken.None);
            return count / RevokedOneOf;
        });
    }

    private static async Task MeasureAsync(int count, string name, Func<Task<int>> find)
    {
        var times = new List<double>();
        int found = await find();
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        for (int number = 0; number < Tries; number++)
        {
            long start = Stopwatch.GetTimestamp();
            found = await find();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        TimeSpan used = Environment.CpuUsage.TotalTime - cpu;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count,9}  {name,-34}{found,9}{times.Min(),10:F1}{used.TotalMilliseconds / Tries,10:F1}{(GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1000 / Tries,11}"));
    }

    private static Task<LocalCa> OpenAsync(DataFolder data) =>
        LocalCa.OpenAsync(data, create: true, TimeProvider.System, delivered: null, CancellationToken.None);

    private static Deployment DeploymentOf(LocalCa local) => new(
        local.Settings.Ca, local.Keys, local.Ledger, local.InternalFiles, local.PublishedFiles, local.CrlCopies, local.Notifier, local.Serials, TimeProvider.System);

    private static async Task<string> IssueAsync(Deployment ca)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string csr = new CertificateRequest("CN=copied.example.com", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        var request = new JsonObject { ["common_name"] = "copied.example.com", ["lifetime"] = 365, ["base64_csr_data"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(csr)) };
        return await new IssueCertificate(ca).RunAsync(Encoding.UTF8.GetBytes(request.ToJsonString()), CancellationToken.None) is IssueOutcome.Issued issued
            ? issued.Record.CertificatePem
            : throw new InvalidOperationException("a request was refused");
    }

    // Copies of one certificate under names of their own, with reservations of keys, in one transaction that nobody has to survive.
    private static void Fill(string file, string pem, int count)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"""
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            PRAGMA cache_size = -400000;
            BEGIN;
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
            INSERT INTO Certificates (CommonName, SerialNumber, Issued, Expires, Certificate, NotifyExpiry, IssuerKeyId, Source, Revoked, RevocationReason,
                SearchName, AlternativeNames, Usages)
            SELECT 'host' || n || '.example.com', '1427247692705959881058285' || (100000000 + n),
                strftime('%Y-%m-%d %H:%M:%S', 'now', '-365 days', '+' || (n * 525600 / {count}) || ' minutes'),
                strftime('%Y-%m-%d %H:%M:%S', 'now', '+' || (n * 525600 / {count}) || ' minutes'),
                @pem, 1, (SELECT IssuerKeyId FROM Certificates WHERE CommonName = 'copied.example.com'), 'direct',
                iif(n % {RevokedOneOf}, NULL, strftime('%Y-%m-%d %H:%M:%S', 'now')), iif(n % {RevokedOneOf}, NULL, 'superseded'),
                'HOST' || n || '.EXAMPLE.COM', @line || 'HOST' || n || '.EXAMPLE.COM' || @line, @line || '1.3.6.1.5.5.7.3.2' || @line FROM numbers;
            INSERT INTO Reservations (Id, CommonName, SerialNumber)
            SELECT 'key#' || lower(hex(randomblob(32))) AS Id, CommonName, SerialNumber FROM Certificates WHERE CommonName LIKE 'host%' ORDER BY Id;
            COMMIT;
            PRAGMA journal_mode = WAL;
            """;
        command.Parameters.AddWithValue("@line", "\n");
        command.Parameters.AddWithValue("@pem", pem);
        command.ExecuteNonQuery();
    }
}
