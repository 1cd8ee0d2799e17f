using CsCheck;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Histories;

/// <summary>Random histories: issuing, renewing, revoking, waiting and runs, with ports that fail at any call. A failure
/// prints the history and its seed.</summary>
public sealed class HistoryTests
{
    private const int Histories = 150;

    [Fact]
    public async Task Whatever_happens_the_CRLs_the_reminders_and_the_events_stay_right() =>
        await HistoryStep.Random.Array[8, 28].SampleAsync(LiveAsync, iter: Histories, print: Print);

    private static string Print(HistoryStep[] steps) => string.Join("\n", steps.AsEnumerable());

    private static async Task LiveAsync(HistoryStep[] steps)
    {
        var history = new History();
        var watches = (Root: new CrlWatch(history, TestAuthority.RootName), Issuing: new CrlWatch(history, TestAuthority.IssuingName));
        var reminders = new ReminderWatch(history);
        foreach (HistoryStep step in steps.Concat(Healing()))
        {
            await history.DoAsync(step);
            await watches.Root.CheckAsync();
            await watches.Issuing.CheckAsync();
            await reminders.CheckAsync();
            CheckKeysAndSerials(history);
        }

        Assert.True(history.RanWell, "an undisturbed run failed");
        EventsAtTheEnd.Check(history);
    }

    // The second run delivers what the first one's own steps left.
    private static IEnumerable<HistoryStep> Healing() =>
        Enumerable.Repeat(new HistoryStep(StepKind.Run, 0, 0, 0, Force: false, StepFault.None, 0), 2);

    private static void CheckKeysAndSerials(History history)
    {
        CertificateRecord[] rows = [.. history.Rows];
        Assert.Distinct(history.Authority.Ledger.Records.Select(row => row.SerialNumber));
        Assert.All(rows.GroupBy(row => row.PublicKeyHash), same => Assert.True(
            same.Count(row => !history.Forced.Contains(row.SerialNumber)) <= 1, "a key has two certificates, and nobody forced it"));
    }
}
