using System.Text;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Local;
using ServerlessCA.Server.Logging;
using ServerlessCA.Server.Schedule;

namespace ServerlessCA.Server.Tests.Schedule;

/// <summary>Lets steps of the daily work fail: they are retried later each time, and nothing is published again for
/// them.</summary>
public sealed class RetryTests
{
    private const int AtMost = 10; // in a day: after 10, 30, 70, 150, 310, 630 and 1270 minutes, and the first time

    private static readonly DateTimeOffset Now = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("revoked.json", "[{\"common_name\": \"M\u00fcller\"}]")]
    [InlineData("revoked-root-ca.json", "[")]
    [InlineData("tls.json", "[{\"common_name\": \"M\u00fcller\"}]")]
    public async Task A_list_that_stays_bad_gives_no_more_CRLs_than_a_good_one(string file, string content)
    {
        using var work = await Work.OpenAsync();
        File.WriteAllBytes(Path.Combine(work.Ca.Folder.Internal, file), Encoding.Latin1.GetBytes(content));

        await work.DayAsync();

        Assert.Equal(3, await work.NumberAsync()); // at the start, after half of its life, and on the next day
    }

    [Fact]
    public async Task A_list_that_was_mended_counts_at_once()
    {
        using var work = await Work.OpenAsync();
        string list = Path.Combine(work.Ca.Folder.Internal, "revoked.json");
        File.WriteAllText(list, "[");
        await work.Daily.RunAsync(TestContext.Current.CancellationToken);
        await work.LookForAsync(TimeSpan.FromHours(5));
        Assert.Equal(1, await work.NumberAsync());

        File.WriteAllText(list, "[]");
        await work.LookForAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, await work.NumberAsync());
        await work.LookForAsync(TimeSpan.FromMinutes(30)); // it is valid now, and nothing more is done
        Assert.Equal(2, await work.NumberAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_fails_is_tried_again_later_each_time(bool isBug)
    {
        using var work = await Work.OpenAsync(ca => ca with { InternalFiles = new FailingFiles(ca.InternalFiles, "tls.json", isBug) });

        await work.DayAsync();

        Assert.InRange(work.Failures("Certificates"), 5, AtMost);
        Assert.InRange(work.Failures("Expiry"), 5, AtMost); // it reads the list, too, and runs all the same
        Assert.Equal(3, await work.NumberAsync());
    }

    [Fact]
    public async Task A_CRL_that_cannot_be_made_is_tried_again_later_each_time()
    {
        var keys = new FailingKeys();
        using var work = await Work.OpenAsync(ca => ca with { Keys = keys });
        await work.CreateCasAsync();

        await work.DayAsync();

        Assert.InRange(work.Failures("RootCrl"), 5, AtMost);
        Assert.InRange(work.Failures("IssuingCrl"), 5, AtMost);
        keys.Works = work.Ca.Keys;
        await work.LookForAsync(TimeSpan.FromHours(24));
        Assert.NotNull(await work.NumberAsync());

        keys.Works = null;
        int before = work.Failures("IssuingCrl");
        await work.LookForAsync(TimeSpan.FromHours(24));
        Assert.InRange(work.Failures("IssuingCrl") - before, 5, AtMost); // after a success the backoff starts again
    }

    [Fact]
    public async Task A_CRL_that_could_not_be_replaced_at_half_of_its_life_is_tried_again_before_it_ends()
    {
        var keys = new FailingKeys();
        using var work = await Work.OpenAsync(ca => ca with { Keys = keys });
        keys.Works = work.Ca.Keys;
        await work.Daily.RunAsync(TestContext.Current.CancellationToken);
        keys.Works = null;
        await work.LookForAsync(TimeSpan.FromMinutes((12 * 60) + 6)); // half of its life is over at 12:05

        keys.Works = work.Ca.Keys;
        await work.LookForAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(3, await work.NumberAsync()); // 2 was used in vain
    }

    [Fact]
    public void The_wait_begins_with_ten_minutes_and_doubles_up_to_the_longest() => Assert.Equal(
        [10, 20, 40, 60, 60],
        Enumerable.Range(1, 5).Select(failures => Server.Schedule.Schedule.RetriesUpTo(TimeSpan.FromHours(1)).After(failures).TotalMinutes));

    // Does the daily work every 30 seconds as a server does, without waiting for a clock.
    private sealed class Work(TemporaryFolder folder, LocalCa ca, Deployment deployment, FakeTimeProvider clock, LogText log) : IDisposable
    {
        public LocalCa Ca => ca;

        public DailyWork Daily { get; } = new(
            deployment, Server.Schedule.Schedule.Of(deployment.Settings, TimeSpan.FromDays(1)), new Server.Metrics.ServerMetrics(), new JsonLineLogger(log, clock).CreateLogger("test"));

        public int Failures(string step) => log.Lines("step-failed").Count(line => line.GetProperty("step").GetString() == step);

        public static async Task<Work> OpenAsync(Func<Deployment, Deployment>? change = null)
        {
            var clock = new FakeTimeProvider(Now);
            var folder = new TemporaryFolder();
            LocalCa local = await LocalCa.OpenAsync(new DataFolder(folder.At("ca")), create: true, clock, null, TestContext.Current.CancellationToken);
            await local.CreateKeysAsync(TestContext.Current.CancellationToken);
            var deployment = new Deployment(
                local.Settings.Ca, local.Keys, local.Ledger, local.InternalFiles, local.PublishedFiles, local.CrlCopies, local.Notifier, local.Serials,
                clock);
            return new Work(folder, local, change?.Invoke(deployment) ?? deployment, clock, new LogText());
        }

        public async Task CreateCasAsync()
        {
            Deployment working = deployment with { Keys = ca.Keys };
            await new CreateRootCa(working).RunAsync(TestContext.Current.CancellationToken);
            await new CreateIssuingCa(working).RunAsync(TestContext.Current.CancellationToken);
        }

        public async Task DayAsync()
        {
            await Daily.RunAsync(TestContext.Current.CancellationToken);
            await LookForAsync(TimeSpan.FromDays(1));
        }

        public async Task LookForAsync(TimeSpan time)
        {
            for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(30))
            {
                clock.Advance(TimeSpan.FromSeconds(30));
                await Daily.RunDueAsync(TestContext.Current.CancellationToken);
            }
        }

        public async Task<long?> NumberAsync()
        {
            StoredFile? file = await ca.PublishedFiles.ReadAsync($"{deployment.Settings.Names.IssuingCa}.crl", TestContext.Current.CancellationToken);
            return file is not null && CertificateRevocationList.TryDecode(file.Content, out CertificateRevocationList? crl) ? crl.Number : null;
        }

        public void Dispose()
        {
            ca.Dispose();
            folder.Dispose();
        }
    }

    private sealed class FailingFiles(IInternalFiles others, string key, bool isBug) : IInternalFiles
    {
        public string Location => others.Location;

        public Task<StoredFile?> ReadAsync(string wanted, CancellationToken cancellation) =>
            wanted != key ? others.ReadAsync(wanted, cancellation)
            : throw (isBug ? new InvalidOperationException("a bug") : new FilesUnavailableException("out of reach"));
    }

    private sealed class FailingKeys : ICaKeys
    {
        public Local.Keys.KeyFiles? Works { get; set; }

        public Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation) =>
            Works?.FindAsync(caName, cancellation) ?? throw new CaKeyUnavailableException("out of reach");
    }
}
