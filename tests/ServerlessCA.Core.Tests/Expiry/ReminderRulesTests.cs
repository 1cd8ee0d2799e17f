using System.Text.Json.Nodes;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Expiry;

/// <summary>Tests contract sections 8, 12.15 and 12.29, and decision 0004. The clock starts at noon, and certificates expire at
/// noon.</summary>
public sealed class ReminderRulesTests
{
    [Fact]
    public async Task Runs_at_noon_every_day_remind_on_the_documented_days_and_report_the_expiry_once()
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 60);

        await RunEveryDayAsync(authority, days: 65);

        Assert.Equal([("Warning", 30), ("Warning", 15), ("Warning", 7), ("Warning", 1), ("Expired", 0)], Sent(authority));
    }

    [Fact]
    public async Task A_second_run_on_the_same_day_reminds_of_nothing()
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 30);

        await RunAfterAsync(authority, TimeSpan.FromDays(15));
        await RunAfterAsync(authority, TimeSpan.FromHours(6));

        Assert.Equal([("Warning", 15)], Sent(authority));
    }

    [Fact]
    public async Task A_missed_day_is_caught_up_once_with_the_days_really_left()
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 60);

        await RunAfterAsync(authority, TimeSpan.FromDays(29)); // 31 left
        await RunAfterAsync(authority, TimeSpan.FromDays(4)); // 27 left
        await RunAfterAsync(authority, TimeSpan.FromDays(1));

        Assert.Equal([("Warning", 27)], Sent(authority));
    }

    [Fact]
    public async Task Several_missed_days_are_caught_up_by_one_reminder()
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 60);

        await RunAfterAsync(authority, TimeSpan.FromDays(29));
        await RunAfterAsync(authority, TimeSpan.FromDays(26)); // 5 left; 30, 15 and 7 were missed
        await RunAfterAsync(authority, TimeSpan.FromDays(1));

        Assert.Equal([("Warning", 5)], Sent(authority));
    }

    [Theory]
    [InlineData(11)] // 29 days left
    [InlineData(42)] // expired two days ago
    public async Task The_first_run_ever_catches_nothing_up(int days)
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 40);

        await RunAfterAsync(authority, TimeSpan.FromDays(days));

        Assert.Empty(Sent(authority));
    }

    [Fact]
    public async Task An_expiry_of_the_last_24_hours_is_reported_by_the_first_run_ever()
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 40);

        await RunAfterAsync(authority, TimeSpan.FromDays(41));

        Assert.Equal([("Expired", 0)], Sent(authority));
    }

    [Fact]
    public async Task An_expiry_that_runs_missed_by_a_week_is_reported_once()
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 10);

        await RunAfterAsync(authority, TimeSpan.FromDays(2));
        await RunAfterAsync(authority, TimeSpan.FromDays(15));
        await RunAfterAsync(authority, TimeSpan.FromHours(12));

        Assert.Equal([("Expired", 0)], Sent(authority));
    }

    [Fact]
    public async Task An_expiry_on_a_day_that_had_its_reminder_is_reported_by_the_next_run_however_late()
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 10);

        await RunAfterAsync(authority, TimeSpan.FromDays(4));
        await RunAfterAsync(authority, TimeSpan.FromDays(5.5)); // midnight before the expiry: catches day 7 and day 1 up
        await RunAfterAsync(authority, TimeSpan.FromHours(20)); // expired, but reminded of today
        await RunAfterAsync(authority, TimeSpan.FromDays(3));
        await RunAfterAsync(authority, TimeSpan.FromDays(1));

        Assert.Equal([("Warning", 0), ("Expired", 0)], Sent(authority));
    }

    [Fact]
    public async Task A_renewed_certificate_is_silent_and_speaks_again_when_its_renewal_is_revoked()
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 61);
        authority.Clock.Advance(TimeSpan.FromHours(1));
        CertificateRecord renewal = await IssueAsync(authority, lifetime: 90);
        await RunAfterAsync(authority, TimeSpan.FromDays(30) + TimeSpan.FromHours(23)); // 30 left
        Assert.Empty(Sent(authority));

        await RevokeAsync(authority, renewal);
        await RunAfterAsync(authority, TimeSpan.FromDays(15));

        Assert.Equal([("Warning", 15)], Sent(authority));
    }

    [Fact]
    public async Task A_revoked_certificate_is_silent()
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 16);
        await RevokeAsync(authority, authority.Issued.Single());

        await RunEveryDayAsync(authority, days: 20);

        Assert.Empty(Sent(authority));
    }

    [Fact]
    public async Task Only_rows_that_may_be_due_are_read()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await RunAfterAsync(authority, TimeSpan.Zero);
        DateTimeOffset now = authority.Clock.GetUtcNow();
        foreach (int days in Enumerable.Range(-200, 401))
        {
            authority.Ledger.Plant(Some.Record($"host{days}.example.test", 1000 + days) with { Issued = now.AddDays(-300), Expires = now.AddDays(days) });
        }

        (ICertificateLedger ledger, InterceptedLedger intercepted) = InterceptedLedger.Over(authority.Ledger);
        ExpiryOutcome outcome = await new RemindOfExpiry(authority.Deployment with { Ledger = ledger }).RunAsync(CancellationToken.None);

        Assert.Equal(32, intercepted.RowsStreamed); // from yesterday to 30 days ahead
        Assert.Equal((4, 2), (outcome.Warnings, outcome.Expired)); // 30, 15, 7, 1; expired now and 24 hours ago
        Assert.Equal(6, intercepted.Calls.Count(call => call == nameof(ICertificateLedger.FindByNameAsync)));
        Assert.DoesNotContain(nameof(ICertificateLedger.ListAsync), intercepted.Calls);
    }

    [Fact]
    public async Task A_certificate_of_30_days_is_not_warned_of_in_the_run_that_issues_it()
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 30);

        await RunAfterAsync(authority, TimeSpan.Zero);
        await RunEveryDayAsync(authority, days: 32);

        Assert.Equal([("Warning", 15), ("Warning", 7), ("Warning", 1), ("Expired", 0)], Sent(authority));
    }

    [Theory]
    [InlineData(59, 15)]
    [InlineData(60, 30)]
    public async Task A_warning_is_due_once_half_of_the_life_is_over(int lifetime, int firstWarning)
    {
        TestAuthority authority = await WithCertificateAsync(lifetime);

        await RunEveryDayAsync(authority, lifetime);

        Assert.Equal(("Warning", firstWarning), Sent(authority).First());
    }

    [Fact]
    public async Task A_warning_that_came_too_early_is_not_caught_up()
    {
        TestAuthority authority = await WithCertificateAsync(lifetime: 40);

        await RunAfterAsync(authority, TimeSpan.FromDays(9)); // 31 left
        await RunAfterAsync(authority, TimeSpan.FromDays(13)); // 18 left: the day of 30 was missed, and was too early
        await RunAfterAsync(authority, TimeSpan.FromDays(4)); // 14 left: the day of 15 was missed

        Assert.Equal([("Warning", 14)], Sent(authority));
    }

    [Theory]
    [InlineData("no PEM", "tls.json, line 1, entry 1: CSR is not PEM: it must begin with -----BEGIN CERTIFICATE REQUEST-----")]
    [InlineData(null, "tls.json, line 1, entry 1: it needs common_name, since there is no CSR with one")]
    public async Task An_entry_that_leaves_its_name_to_a_CSR_says_what_is_wrong_with_the_CSR(string? csr, string problem)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("tls.json", """[{"csr_file": "a.csr"}]""");
        if (csr is not null)
        {
            authority.Internal.With("csrs/a.csr", csr);
        }

        Assert.Equal([problem], (await new RemindOfExpiry(authority.Deployment).RunAsync(CancellationToken.None)).Problems);
    }

    private static async Task<TestAuthority> WithCertificateAsync(int lifetime)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await IssueAsync(authority, lifetime);
        return authority;
    }

    private static async Task<CertificateRecord> IssueAsync(TestAuthority authority, int lifetime)
    {
        var more = new JsonObject { ["lifetime"] = lifetime, ["notify_expiry"] = true };
        return Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(more: more))).Record;
    }

    private static Task<RevokeOutcome> RevokeAsync(TestAuthority authority, CertificateRecord row) => new RevokeCertificate(authority.Deployment)
        .RunAsync(new RowId(row.CommonName, row.SerialNumber), RevocationReason.Superseded, CancellationToken.None);

    private static async Task RunEveryDayAsync(TestAuthority authority, int days)
    {
        for (int day = 0; day < days; day++)
        {
            await RunAfterAsync(authority, TimeSpan.FromDays(1));
        }
    }

    private static async Task RunAfterAsync(TestAuthority authority, TimeSpan wait)
    {
        authority.Clock.Advance(wait);
        await new RemindOfExpiry(authority.Deployment).RunAsync(CancellationToken.None);
    }

    private static IEnumerable<(string What, int Days)> Sent(TestAuthority authority) => authority.Notifier.Delivered
        .Where(sent => sent.Subject.StartsWith("Certificate Exp", StringComparison.Ordinal))
        .Select(sent => (sent.Subject.Split(' ')[^1], JsonNode.Parse(sent.Json)!["DaysRemaining"]!.GetValue<int>()));
}
