using System.Diagnostics;
using ServerlessCA.Benchmarks.Commands;
using ServerlessCA.Benchmarks.Results;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Sqlite;

namespace ServerlessCA.Benchmarks;

/// <summary>Measures lists, <c>show</c> and <c>history</c> of a ledger of SQLite with many certificates.</summary>
internal static class ListBenchmark
{
    private const int Tries = 5;
    private const int PageLines = 50;
    private const string Issuer = "0123456789abcdef0123456789abcdef01234567";

    private static readonly string Pem = $"-----BEGIN CERTIFICATE-----\n{string.Join('\n', Enumerable.Repeat(new string('A', 64), 26))}\n-----END CERTIFICATE-----\n";

    public static async Task<BenchmarkResult> RunAsync(Effort effort)
    {
        string folder = Directory.CreateTempSubdirectory("serverless-ca-list-").FullName;
        try
        {
            string file = Path.Combine(folder, "ca.db");
            DateTimeOffset now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using SqliteLedger ledger = await SqliteLedger.OpenAsync(file, create: true, SqliteLedger.DefaultTimeout, CancellationToken.None);
            int count = effort.Of(100_000, 5_000);
            new LedgerFill(count, Revoked: count, Reminders: true).Write(file, now, Issuer, Pem);
            var rows = new List<IReadOnlyList<string>>();
            foreach ((string name, InventoryFilter filter) in new (string, InventoryFilter)[]
            {
                ("--expires-within 30d", new() { ExpiresFrom = now, ExpiresUntil = now.AddDays(30) }),
                ("--expires-within 1d", new() { ExpiresFrom = now, ExpiresUntil = now.AddDays(1) }),
                ("--expires-within 1d --san", new() { ExpiresFrom = now, ExpiresUntil = now.AddDays(1), AlternativeName = "*.example.com" }),
                ("--valid", new() { Valid = true }),
                ("", new()),
            })
            {
                rows.Add(await MeasureAsync($"`list {name}`".Replace(" `", "`", StringComparison.Ordinal), async () => (await new CertificateInventory(ledger).ListAsync(new InventoryQuery(filter), now, CancellationToken.None)).Count));
            }

            var inventory = new CertificateInventory(ledger);
            rows.Add(await MeasureAsync("summary", async () => (await inventory.SummarizeAsync(now, CancellationToken.None)).Valid));
            rows.Add(await MeasureAsync("`show SERIAL`", async () =>
                (await new CertificateInventory(ledger).FindByNameOrSerialAsync($"{LedgerFill.SerialPrefix}{count / 2}", CancellationToken.None)).Count));
            rows.Add(await MeasureAsync("`history NAME`", async () =>
                (await new CertificateHistory(ledger, TimeProvider.System).FindAsync($"host{count / 2}.example.com", DateTimeOffset.MinValue, 100, CancellationToken.None)).Entries.Count));
            rows.Add(await MeasureAsync("`history`", async () =>
                (await new CertificateHistory(ledger, TimeProvider.System).NewestAsync(now.AddDays(-30), 100, CancellationToken.None)).Entries.Count));

            return new BenchmarkResult
            {
                Sections =
                [
                    new(
                        "Lists",
                        $"""
                        A ledger in SQLite with {Figure.Text(count, 0)} certificates that expire over a year, {new FileInfo(file).Length >> 20} MiB, in one process: the
                        best and the worst of {Tries}, and the mean of processor time.
                        """,
                        ["list", "found", "best ms", "worst ms", "ms of CPU"],
                        rows),
                    new(
                        "Pages of a list",
                        $"""
                        The processor time of {PageLines} lines of them with their count, in milliseconds, for each filter and order: from the first line or from
                        the middle, whichever takes longer. Names of a pattern with several pieces, such as `h*7*m`, are compared one by one; all others are
                        searched as they are.
                        """,
                        ["filter", .. Enum.GetValues<InventorySort>().Select(InventoryWords.NameOf)],
                        await PagesAsync(inventory, now, count)),
                ],
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<IReadOnlyList<string>>> PagesAsync(CertificateInventory inventory, DateTimeOffset now, int count)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach ((string name, InventoryFilter filter) in new (string, InventoryFilter)[]
        {
            ("everything", new()),
            ("`name=host9`", new() { Name = "host9" }),
            ("`name=none`", new() { Name = "there is no such name" }),
            ("`san=*.example.net`", new() { AlternativeName = "*.example.net" }),
            ("`san=host777.example.com`", new() { AlternativeName = "host777.example.com" }),
            ("`san=h*7*m`", new() { AlternativeName = "h*7*m" }),
            ("`purpose=server`", new() { UsageOid = InventoryWords.UsageOf("server") }),
            ("`issuer=KEY`", new() { IssuerKeyIds = new HashSet<string> { Issuer } }),
            ("`source=gitops`", new() { Source = IssueSource.GitOps }),
            ("`status=valid`", new() { Valid = true }),
            ("`status=revoked`", new() { Revoked = true }),
            ("`status=ca`", new() { Authorities = true }),
            ("`expires_within=30d`", new() { ExpiresFrom = now, ExpiresUntil = now.AddDays(30) }),
            ("many of these at once", new()
            {
                Name = "host", AlternativeName = "*.example.net", UsageOid = InventoryWords.UsageOf("server"), Source = IssueSource.Direct, Valid = true,
                IssuerKeyIds = new HashSet<string> { Issuer }, ExpiresFrom = now, ExpiresUntil = now.AddDays(300),
            }),
        })
        {
            var row = new List<string> { name };
            foreach (InventorySort sort in Enum.GetValues<InventorySort>())
            {
                var query = new InventoryQuery(filter) { Sort = sort, Limit = PageLines };
                double slower = await WorkAsync(query);
                InventoryList half = await inventory.ListAsync(query with { Limit = count / 2 }, now, CancellationToken.None);
                if (half.Next is { } next && InventoryCursor.TryParse(next, sort, out InventoryCursor? middle))
                {
                    slower = Math.Max(slower, await WorkAsync(query with { After = middle }));
                }

                row.Add(Figure.Text(slower, 0));
            }

            rows.Add(row);
        }

        return rows;

        async Task<double> WorkAsync(InventoryQuery query)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            for (int number = 0; number < Tries; number++)
            {
                await inventory.ListAsync(query, now, CancellationToken.None);
            }

            return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Tries;
        }
    }

    private static async Task<IReadOnlyList<string>> MeasureAsync(string name, Func<Task<int>> find)
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

        double work = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Tries;
        return [name, Figure.Text(found, 0), Figure.Text(times.Min(), 1), Figure.Text(times.Max(), 1), Figure.Text(work, 1)];
    }
}
