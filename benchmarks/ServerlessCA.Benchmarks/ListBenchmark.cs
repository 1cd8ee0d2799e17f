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
    private const int PageLines = 50;
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
            Console.WriteLine($"{"command",-42}{"found",8}{"best ms",10}{"worst ms",10}{"CPU ms",10}");
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

            await PagesAsync(new CertificateInventory(ledger), now);
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

    // The page of `serve`: 50 lines with their count, the first page and one in the middle, for each filter and order.
    private static async Task PagesAsync(CertificateInventory inventory, DateTimeOffset now)
    {
        foreach ((string name, InventoryFilter filter) in new (string, InventoryFilter)[]
        {
            ("(everything)", new()),
            ("name=host9", new() { Name = "host9" }),
            ("name=none", new() { Name = "there is no such name" }),
            ("san=*.example.net", new() { AlternativeName = "*.example.net" }),
            ("san=host77777.example.com", new() { AlternativeName = "host77777.example.com" }),
            ("san=h*7*m", new() { AlternativeName = "h*7*m" }),
            ("purpose=server", new() { UsageOid = InventoryWords.UsageOf("server") }),
            ("issuer=KEY", new() { IssuerKeyIds = new HashSet<string> { "0123456789abcdef0123456789abcdef01234567" } }),
            ("source=gitops", new() { Source = IssueSource.GitOps }),
            ("status=valid", new() { Valid = true }),
            ("status=revoked", new() { Revoked = true }),
            ("status=ca", new() { Authorities = true }),
            ("expires_within=30d", new() { ExpiresFrom = now, ExpiresUntil = now.AddDays(30) }),
            ("all of them", new()
            {
                Name = "host", AlternativeName = "*.example.net", UsageOid = InventoryWords.UsageOf("server"), Source = IssueSource.Direct, Valid = true,
                IssuerKeyIds = new HashSet<string> { "0123456789abcdef0123456789abcdef01234567" }, ExpiresFrom = now, ExpiresUntil = now.AddDays(300),
            }),
        })
        {
            foreach (InventorySort sort in Enum.GetValues<InventorySort>())
            {
                var query = new InventoryQuery(filter) { Sort = sort, Limit = PageLines };
                await MeasureAsync($"page {InventoryWords.NameOf(sort)} {name}", async () => (await inventory.ListAsync(query, now, CancellationToken.None)).Count);
                InventoryList half = await inventory.ListAsync(query with { Limit = Count / 2 }, now, CancellationToken.None);
                if (half.Next is { } next && InventoryCursor.TryParse(next, sort, out InventoryCursor? middle))
                {
                    await MeasureAsync("  from the middle", async () => (await inventory.ListAsync(query with { After = middle }, now, CancellationToken.None)).Count);
                }
            }
        }

        await MeasureAsync("summary", async () => (await inventory.SummarizeAsync(now, CancellationToken.None)).Valid);
    }

    private static async Task MeasureAsync(string name, Func<Task<int>> find)
    {
        var times = new List<double>();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        int found = 0;
        for (int number = 0; number < Tries; number++)
        {
            long start = Stopwatch.GetTimestamp();
            found = await find();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-42}{found,8}{times.Min(),10:F1}{times.Max(),10:F1}{(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Tries,10:F1}"));
    }

    // Rows as large as real ones, in one transaction; their certificates cannot be read.
    private static void Fill(string file, DateTimeOffset now)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {Count})
            INSERT INTO Certificates (CommonName, SerialNumber, Issued, Expires, Certificate, NotifyExpiry, IssuerKeyId, Source,
                Revoked, RevocationReason, SearchName, AlternativeNames, Usages)
            SELECT 'host' || n || '.example.com', '{SerialPrefix}' || n,
                strftime('%Y-%m-%d %H:%M:%S', @issued, '-' || (n * 7919 % {Count}) || ' seconds'),
                strftime('%Y-%m-%d %H:%M:%S', @now, '+' || (n * {Days * 1440} / {Count}) || ' minutes'),
                @pem, 1, '0123456789abcdef0123456789abcdef01234567', iif(n % 3, 'direct', 'gitops'),
                iif(n % 20, NULL, strftime('%Y-%m-%d %H:%M:%S', @issued, '-' || n || ' seconds')), iif(n % 20, NULL, 'superseded'),
                'HOST' || n || '.EXAMPLE.COM', @line || 'HOST' || n || '.EXAMPLE.COM' || @line || 'WWW' || (n % 1000) || '.EXAMPLE.NET' || @line,
                @line || iif(n % 2, '1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2') || @line FROM numbers;
            INSERT INTO History (Id, Kind, At, CommonName, SerialNumber, Details, Actor, KeptUntil)
            SELECT 'issued ' || Number, 'issued', Issued, CommonName, SerialNumber, 'expires ' || Expires, 'local:operator', Expires FROM Certificates
            """;
        command.Parameters.AddWithValue("@line", "\n");
        command.Parameters.AddWithValue("@issued", TableTime.Text(now.AddDays(-1)));
        command.Parameters.AddWithValue("@now", TableTime.Text(now));
        command.Parameters.AddWithValue("@pem", $"-----BEGIN CERTIFICATE-----\n{string.Join('\n', Enumerable.Repeat(new string('A', 64), 26))}\n-----END CERTIFICATE-----\n");
        command.ExecuteNonQuery();
    }
}
