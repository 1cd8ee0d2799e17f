using System.Globalization;
using System.Text.Json;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Files;
using ServerlessCA.Local.Keys;
using ServerlessCA.Local.Sqlite;
using Xunit;

namespace ServerlessCA.Local.Tests.Processes;

/// <summary>Kills processes (SIGKILL) at many moments while they write. The moments differ from run to run, since the
/// system schedules; the assertions hold at every moment.</summary>
[Collection("processes")]
public sealed class KilledProcessTests : IDisposable
{
    private const int Rounds = 10;

    private readonly TemporaryFolder folder = new();
    private readonly Random moments = new(Seed: 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_killed_ledger_keeps_what_it_reported_and_no_half_additions()
    {
        long next = 1;
        for (int round = 0; round < Rounds; round++)
        {
            string[] reported = await ChildProcess.KillAsync(Moment(), "add-forever", folder.At("ca.db"), $"{next}");

            using SqliteLedger ledger = await SqliteLedger.OpenAsync(
                folder.At("ca.db"), create: false, SqliteLedger.DefaultTimeout, Cancellation);
            await ledger.CheckAsync(Cancellation);
            List<CertificateRecord> rows = await ledger.ListAsync(Cancellation).ToListAsync(Cancellation);
            IReadOnlyList<Notification> events = await ledger.ReadOutboxAsync(int.MaxValue, Cancellation);
            long last = rows.Max(row => (long)row.SerialNumber.Value);

            // The lines may lack the very last write, which was done but not reported.
            Assert.InRange(last - long.Parse(reported[^1], CultureInfo.InvariantCulture), 0, 1);
            Assert.Equal(last, rows.Count);
            Assert.Equal(rows.Select(row => $"event-{row.SerialNumber}"), events.Select(notification => notification.Id));
            await ExpectWholeAsync(ledger, rows);
            next = last + 1;
        }
    }

    [Fact]
    public async Task A_killed_publisher_leaves_a_whole_file()
    {
        for (int round = 0; round < Rounds; round++)
        {
            await ChildProcess.KillAsync(Moment(), "publish-forever", folder.At("external"));

            var files = new FolderPublishedFiles(folder.At("external"), TimeProvider.System);
            byte[] content = (await files.ReadAsync("ca.crl", Cancellation))!.Content.ToArray();
            Assert.Equal(ChildWork.Filled(content[0]), content);
        }
    }

    [Fact]
    public async Task A_killed_maker_of_keys_leaves_whole_keys()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string[] reported = await ChildProcess.KillAsync(Moment(), "create-keys-forever", folder.At("keys"), $"round{round}");

            using var keys = new KeyFiles(folder.At("keys"), passphrase: null, TimeProvider.System);
            string[] names = [.. Directory.EnumerateFiles(folder.At("keys"), $"round{round}-*.key.pem")
                .Select(path => Path.GetFileName(path).Replace(".key.pem", "", StringComparison.Ordinal))];
            Assert.Subset(names.ToHashSet(), reported.ToHashSet());
            foreach (string name in names)
            {
                Assert.NotNull(await keys.FindAsync(name, Cancellation));
            }
        }
    }

    [Fact]
    public async Task A_killed_outbox_leaves_whole_events()
    {
        for (int round = 0; round < Rounds; round++)
        {
            string[] reported = await ChildProcess.KillAsync(Moment(), "deliver-forever", folder.At("outbox"), $"round{round}");

            var ids = new HashSet<string>();
            foreach (string path in Directory.EnumerateFiles(folder.At("outbox"), "*.json"))
            {
                using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(path, Cancellation));
                ids.Add(json.RootElement.GetProperty("Id").GetString()!);
            }

            Assert.Superset(reported.ToHashSet(), ids);
        }
    }

    private static async Task ExpectWholeAsync(SqliteLedger ledger, List<CertificateRecord> rows)
    {
        foreach (CertificateRecord row in rows.TakeLast(50))
        {
            CertificateAddition whole = ChildWork.Whole((long)row.SerialNumber.Value);
            var id = new RowId(row.CommonName, row.SerialNumber);
            Assert.Equal(id, (await ledger.FindKeyAsync(whole.Key!.Value, Cancellation))?.Holder);
            Assert.NotNull(await ledger.RecallAsync(whole.Token!.Token, whole.Token.At, Cancellation));
            Assert.Equal(AddOutcome.OnceOnly, await ledger.AddAsync(
                new CertificateAddition(row with { CommonName = "other" }) { OnceId = whole.OnceId }, Cancellation));
        }
    }

    private TimeSpan Moment() => TimeSpan.FromMilliseconds(moments.NextDouble() * 60);
}
