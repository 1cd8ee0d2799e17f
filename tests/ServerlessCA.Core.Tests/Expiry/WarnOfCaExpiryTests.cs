using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Expiry;

/// <summary>Tests contract 12.29: the CRL functions warn of the end of the CAs themselves.</summary>
public sealed class WarnOfCaExpiryTests
{
    private const int IssuingLifetime = 3650; // days, the default

    [Fact]
    public async Task A_CA_is_warned_of_once_for_each_day_that_it_passes_whatever_the_reminders_say()
    {
        TestAuthority authority = await WithoutRemindersAsync(maxCertLifetime: 100);

        foreach (int left in (int[])[400, 366, 365, 364, 181, 180, 180, 101, 100, 99, 90, 31, 30, 29, 1])
        {
            await PublishAsync(authority, left);
        }

        Assert.Equal([365, 180, 100, 90, 30], Sent(authority));
    }

    [Fact]
    public async Task A_CA_whose_end_shortens_what_it_issues_is_warned_of_when_that_begins()
    {
        TestAuthority authority = await WithoutRemindersAsync(maxCertLifetime: 730);

        await PublishAsync(authority, 731);
        Assert.Empty(Sent(authority));
        await PublishAsync(authority, 730);
        await PublishAsync(authority, 700);

        Assert.Equal([730], Sent(authority));
    }

    [Fact]
    public async Task Of_several_days_passed_at_once_the_last_is_warned_of_alone()
    {
        TestAuthority authority = await WithoutRemindersAsync(maxCertLifetime: 365);

        await PublishAsync(authority, 60);
        await PublishAsync(authority, 59);

        Assert.Equal([60], Sent(authority));
    }

    [Fact]
    public async Task A_CA_of_a_short_life_is_not_warned_of_before_half_of_it_is_over()
    {
        TestAuthority authority = await WithoutRemindersAsync(maxCertLifetime: 365, issuingLifetime: 60);

        await PublishAsync(authority, 60, issuingLifetime: 60);
        await PublishAsync(authority, 31, issuingLifetime: 60);
        Assert.Empty(Sent(authority));
        await PublishAsync(authority, 30, issuingLifetime: 60);

        Assert.Equal([30], Sent(authority));
    }

    [Fact]
    public async Task A_warning_of_a_CA_that_was_left_out_as_too_early_is_not_caught_up()
    {
        TestAuthority authority = await WithoutRemindersAsync(maxCertLifetime: 365, issuingLifetime: 100);

        foreach (int left in (int[])[90, 50, 49, 31, 30])
        {
            await PublishAsync(authority, left, issuingLifetime: 100);
        }

        Assert.Equal([30], Sent(authority));
    }

    [Fact]
    public async Task A_revoked_or_expired_CA_is_not_warned_of()
    {
        TestAuthority revoked = await WithoutRemindersAsync(maxCertLifetime: 365);
        CertificateRecord issuing = revoked.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName);
        await new RevokeCertificate(revoked.Deployment).RunAsync(
            new(issuing.CommonName, issuing.SerialNumber), RevocationReason.CessationOfOperation, CancellationToken.None);
        TestAuthority expired = await WithoutRemindersAsync(maxCertLifetime: 365);

        await PublishAsync(revoked, 60);
        await PublishAsync(expired, -1);

        Assert.Empty(Sent(revoked));
        Assert.Empty(Sent(expired));
    }

    [Fact]
    public async Task The_root_is_warned_of_by_its_own_CRL_when_it_would_shorten_a_new_issuing_CA()
    {
        TestAuthority authority = await WithoutRemindersAsync(maxCertLifetime: 365);
        authority.Clock.Advance(TimeSpan.FromDays(7300 - IssuingLifetime));

        await PublishCrl.OfRoot(authority.Deployment).RunAsync(CancellationToken.None);

        Notification warning = Warnings(authority).Single();
        JsonNode sent = JsonNode.Parse(warning.Json)!;
        Assert.Equal(TestAuthority.RootName, sent["CertificateInfo"]!["CommonName"]!.GetValue<string>());
        Assert.Equal("CN=Serverless Root CA", sent["Subject"]!.GetValue<string>());
        Assert.Equal(IssuingLifetime, sent["DaysRemaining"]!.GetValue<int>());
    }

    private static async Task<TestAuthority> WithoutRemindersAsync(int maxCertLifetime, int issuingLifetime = IssuingLifetime) =>
        await TestAuthority.CreateAsync(settings => settings with
        {
            ExpiryReminders = [],
            MaxCertLifetime = maxCertLifetime,
            IssuingCaInfo = settings.IssuingCaInfo with { Lifetime = issuingLifetime },
        });

    private static async Task PublishAsync(TestAuthority authority, int daysLeft, int issuingLifetime = IssuingLifetime)
    {
        DateTimeOffset created = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
        authority.Clock.SetUtcNow(Later(authority.Clock.GetUtcNow(), created.AddDays(issuingLifetime - daysLeft)));
        await PublishCrl.OfIssuing(authority.Deployment).RunAsync(CancellationToken.None);
    }

    // Twice on one day: the clock never goes back.
    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static IEnumerable<Notification> Warnings(TestAuthority authority) =>
        authority.Notifier.Delivered.Where(sent => sent.Subject == NotificationSubjects.ExpiryWarning);

    private static IEnumerable<int> Sent(TestAuthority authority) =>
        Warnings(authority).Select(sent => JsonNode.Parse(sent.Json)!["DaysRemaining"]!.GetValue<int>());
}
