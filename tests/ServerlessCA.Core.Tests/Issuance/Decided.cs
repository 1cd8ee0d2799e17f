using ServerlessCA.Contracts.Faults;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Decisions of a <see cref="TestAuthority"/>, each with the proof that it has changed nothing.</summary>
internal static class Decided
{
    /// <summary>Decides, and expects that no port was asked to write or sign, and that ledger, files and events are as before.</summary>
    public static async Task<T> DecideAsync<T>(this TestAuthority authority, Func<Deployment, Task<T>> decide)
    {
        string before = await StateAsync(authority);
        var plan = FaultPlan.None();

        T decided = await decide(authority.Failing(plan));

        Assert.Equal(0, plan.Writes);
        Assert.Equal(before, await StateAsync(authority));
        return decided;
    }

    public static Task<CrlDecision> DecideCrlAsync(this TestAuthority authority) =>
        authority.DecideAsync(ca => PublishCrl.OfIssuing(ca).DecideAsync(CancellationToken.None));

    /// <summary>Every row with its CRL number, revocation and reminders; every file; every event, told or kept.</summary>
    private static async Task<string> StateAsync(TestAuthority authority)
    {
        IReadOnlyList<Notification> kept = await authority.Ledger.ReadOutboxAsync(1000, CancellationToken.None);
        IEnumerable<string> rows = authority.Ledger.Records.Select(row =>
            $"{row.CommonName} {row.SerialNumber} {row.Issued} {row.Expires} {row.CrlNumber} {row.Revoked} {string.Join(',', row.ExpiryReminders)}");
        IEnumerable<string> files = authority.Published.Files.Concat(authority.Copies.Files)
            .Select(file => $"{file.Key} {Convert.ToHexString(file.Value.Content.Span)}").Order();
        return string.Join('\n', [.. rows, .. files, .. kept.Concat(authority.Notifier.Delivered).Select(told => told.Id)]);
    }
}
