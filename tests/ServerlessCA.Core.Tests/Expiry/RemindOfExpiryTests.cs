using System.Text.Json.Nodes;
using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Expiry;

/// <summary>Tests that the reminders, and why they are due, are decided before one is sent (contract sections 8, 12.15,
/// 12.29).</summary>
public sealed class RemindOfExpiryTests
{
    [Fact]
    public async Task Whom_a_run_reminds_is_whom_it_was_decided_to_remind_and_deciding_it_changed_nothing()
    {
        TestAuthority authority = await WithOneOfEachAsync();
        int sent = authority.Told.Count();

        ReminderDecision decided = await DecideAsync(authority);
        ExpiryOutcome done = await new RemindOfExpiry(authority.Deployment).RunAsync(CancellationToken.None);

        Assert.Equal(
            decided.Due.Select(reminder => (reminder.Row.CommonName, reminder.HasExpired ? "Certificate Expired" : "Certificate Expiry Warning", reminder.DaysRemaining)),
            authority.Notifier.Delivered.Skip(sent)
                .Select(one => (NameIn(one.Json), one.Subject, JsonNode.Parse(one.Json)!["DaysRemaining"]!.GetValue<int>())));
        Assert.Equal((decided.Due.Count(reminder => !reminder.HasExpired), decided.Due.Count(reminder => reminder.HasExpired)), (done.Warnings, done.Expired));
        Assert.Equal(decided.Problems, done.Problems);
        Assert.Empty((await DecideAsync(authority)).Due);
    }

    [Fact]
    public async Task A_decision_says_why_each_reminder_is_due_and_which_are_held_back_as_renewed()
    {
        TestAuthority authority = await WithOneOfEachAsync();

        ReminderDecision decided = await DecideAsync(authority);

        Assert.Equal(
            [
                ("before.example.test", ReminderCause.ExpiredBefore, 0), ("expired.example.test", ReminderCause.Expired, 0),
                ("missed.example.test", ReminderCause.MissedDay, 14), ("day.example.test", ReminderCause.Day, 15),
            ],
            decided.Due.Select(reminder => (reminder.Row.CommonName, reminder.Cause, reminder.DaysRemaining)));
        Assert.Equal(["renewed.example.test"], decided.Renewed.Select(reminder => reminder.Row.CommonName));
        Assert.Equal(authority.Clock.GetUtcNow(), decided.At);
    }

    [Fact]
    public async Task A_certificate_that_another_run_reminded_of_after_the_decision_is_not_reminded_of_twice()
    {
        TestAuthority authority = await WithOneOfEachAsync();
        ReminderDecision stale = await DecideAsync(authority);
        await new RemindOfExpiry(authority.Deployment).RunAsync(CancellationToken.None);
        int sent = authority.Told.Count();
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(authority.Ledger, (method, given) => method switch
        {
            nameof(ICertificateLedger.ListExpiringAsync) => stale.Due.Select(reminder => reminder.Row).ToAsyncEnumerable(),
            _ => given,
        });

        ExpiryOutcome done = await new RemindOfExpiry(authority.Deployment with { Ledger = ledger }).RunAsync(CancellationToken.None);

        Assert.Equal((0, 0), (done.Warnings, done.Expired));
        Assert.Equal(sent, authority.Told.Count());
    }

    [Fact]
    public async Task The_rows_of_a_name_are_read_once_however_many_of_them_may_be_due()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        for (int index = 0; index < 3; index++)
        {
            await IssueAsync(authority, "same.example.test", lifetime: 30);
        }

        authority.Clock.Advance(TimeSpan.FromDays(15));
        (ICertificateLedger ledger, InterceptedLedger intercepted) = InterceptedLedger.Over(authority.Ledger);

        ReminderDecision decided = await new RemindOfExpiry(authority.Deployment with { Ledger = ledger }).DecideAsync(CancellationToken.None);

        Assert.Equal(3, decided.Due.Count);
        Assert.Single(intercepted.Calls, call => call == nameof(ICertificateLedger.FindByNameAsync));
    }

    private static Task<ReminderDecision> DecideAsync(TestAuthority authority) =>
        authority.DecideAsync(ca => new RemindOfExpiry(ca).DecideAsync(CancellationToken.None));

    // A run came on day 58, none on day 59, and now it is day 60.
    private static async Task<TestAuthority> WithOneOfEachAsync()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await IssueAsync(authority, "before.example.test", lifetime: 59);
        await IssueAsync(authority, "expired.example.test", lifetime: 60);
        await IssueAsync(authority, "missed.example.test", lifetime: 74);
        await IssueAsync(authority, "day.example.test", lifetime: 75);
        await IssueAsync(authority, "renewed.example.test", lifetime: 75);
        await IssueAsync(authority, "early.example.test", lifetime: 300);
        authority.Clock.Advance(TimeSpan.FromHours(1));
        await IssueAsync(authority, "renewed.example.test", lifetime: 120);
        authority.Clock.Advance(TimeSpan.FromDays(58));
        await new RemindOfExpiry(authority.Deployment).RunAsync(CancellationToken.None);
        authority.Clock.Advance(TimeSpan.FromDays(2));
        return authority;
    }

    private static async Task IssueAsync(TestAuthority authority, string name, int lifetime) => Assert.IsType<IssueOutcome.Issued>(
        await authority.IssueAsync(SomeRequests.Direct(name, SomeRequests.Csr($"CN={name}"), new JsonObject { ["lifetime"] = lifetime, ["notify_expiry"] = true })));

    private static string NameIn(string json) => JsonNode.Parse(json)!["CertificateInfo"]!["CommonName"]!.GetValue<string>();
}
