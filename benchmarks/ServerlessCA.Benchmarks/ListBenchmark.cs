using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Sqlite;

namespace ServerlessCA.Benchmarks;

/// <summary>Measures lists, <c>show</c> and <c>history</c> of a ledger of SQLite with 100,000 certificates that expire over a
/// year, each with an entry in the history.</summary>
internal static class ListBenchmark
{
    private const int Count = 100_000;
    private const int Days = 365;
    private const int Tries = 5;
    private const string SerialPrefix = "142724769270595988105828596845";

    public static async Task<int> RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("serverless-ca-list-").FullName;
        try
        {
            string file = Path.Combine(folder, "ca.db");
            DateTimeOffset now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using SqliteLedger ledger = await SqliteLedger.OpenAsync(file, create: true, SqliteLedger.DefaultTimeout, CancellationToken.None);
            Fill(file, now);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count} certificates, {new FileInfo(file).Length >> 20} MiB"));
            Console.WriteLine($"{"command",-34}{"found",8}{"best ms",10}{"worst ms",10}");
            foreach ((string name, InventoryFilter filter) in new (string, InventoryFilter)[]
            {
                ("--expires-within 30d", new() { ExpiresFrom = now, ExpiresUntil = now.AddDays(30) }),
                ("--expires-within 1d", new() { ExpiresFrom = now, ExpiresUntil = now.AddDays(1) }),
                ("--expires-within 1d --san", new() { ExpiresFrom = now, ExpiresUntil = now.AddDays(1), AlternativeName = "*.example.com" }),
                ("--valid", new() { Valid = true }),
                ("(everything)", new()),
            })
            {
                await MeasureAsync($"list {name}", async () => (await new CertificateInventory(ledger).ListAsync(new InventoryQuery(filter), now, CancellationToken.None)).Count);
            }

            await MeasureAsync("show SERIAL", async () =>
                (await new CertificateInventory(ledger).FindByNameOrSerialAsync($"{SerialPrefix}{Count / 2}", CancellationToken.None)).Count);
            await MeasureAsync("history NAME", async () =>
                (await new CertificateHistory(ledger, TimeProvider.System).FindAsync($"host{Count / 2}.example.com", DateTimeOffset.MinValue, 100, CancellationToken.None)).Entries.Count);
            await MeasureAsync("history", async () =>
                (await new CertificateHistory(ledger, TimeProvider.System).NewestAsync(now.AddDays(-30), 100, CancellationToken.None)).Entries.Count);

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string name, Func<Task<int>> find)
    {
        var times = new List<double>();
        int found = 0;
        for (int number = 0; number < Tries; number++)
        {
            long start = Stopwatch.GetTimestamp();
            found = await find();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34}{found,8}{times.Min(),10:F1}{times.Max(),10:F1}"));
    }

    // Rows as large as real ones, in one transaction; their certificates cannot be read.
    private static void Fill(string file, DateTimeOffset now)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {Count})
            INSERT INTO Certificates (CommonName, SerialNumber, Issued, Expires, Certificate, NotifyExpiry, IssuerKeyId, Source)
            SELECT 'host' || n || '.example.com', '{SerialPrefix}' || n, @issued,
                strftime('%Y-%m-%d %H:%M:%S', @now, '+' || (n * {Days * 1440} / {Count}) || ' minutes'),
                @pem, 1, '0123456789abcdef0123456789abcdef01234567', 'direct' FROM numbers;
            INSERT INTO History (Id, Kind, At, CommonName, SerialNumber, Details, Actor, KeptUntil)
            SELECT 'issued ' || Number, 'issued', Issued, CommonName, SerialNumber, 'expires ' || Expires, 'local:operator', Expires FROM Certificates
            """;
        command.Parameters.AddWithValue("@issued", TableTime.Text(now.AddDays(-1)));
        command.Parameters.AddWithValue("@now", TableTime.Text(now));
        command.Parameters.AddWithValue("@pem", $"-----BEGIN CERTIFICATE-----\n{string.Join('\n', Enumerable.Repeat(new string('A', 64), 26))}\n-----END CERTIFICATE-----\n");
        command.ExecuteNonQuery();
    }
}
