using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Histories;

/// <summary>Looks at the reminders after every step: none too many, none for a certificate that nobody needs any more,
/// and none forgotten by a run that went well.</summary>
internal sealed class ReminderWatch(History history)
{
    private static readonly int[] Days = [30, 15, 7, 1];

    private Dictionary<SerialNumber, int> counts = [];
    private readonly HashSet<SerialNumber> heldBack = [];
    private DateTimeOffset? lastRun;

    public async Task CheckAsync()
    {
        DateTimeOffset now = history.Authority.Clock.GetUtcNow();
        CertificateRecord[] rows = [.. history.Rows];
        foreach (CertificateRecord row in rows)
        {
            bool reminded = row.ExpiryReminders.Count > counts.GetValueOrDefault(row.SerialNumber);
            bool needed = row.Revoked is null && !rows.Any(other => Renews(other, row));
            Assert.True(needed || !reminded, $"{row.CommonName} was revoked or renewed, and reminded of");
            EachReminderHasItsReason(row);
            if (needed && history.RanWell)
            {
                NothingIsForgotten(row, now);
            }
        }

        counts = rows.ToDictionary(row => row.SerialNumber, row => row.ExpiryReminders.Count);
        lastRun = await history.Authority.Ledger.FindMarkAsync("expiry", CancellationToken.None);
    }

    private static bool Renews(CertificateRecord other, CertificateRecord row) =>
        other.CommonName == row.CommonName && other.Issued > row.Issued && other.Expires > row.Expires && other.Revoked is null;

    // Between two reminders lies a day on which to remind, or the expiry itself: no reminder is told twice.
    private static void EachReminderHasItsReason(CertificateRecord row)
    {
        DateTimeOffset last = DateTimeOffset.MinValue;
        foreach (DateTimeOffset reminder in row.ExpiryReminders)
        {
            bool warned = DaysOf(row).Any(before => Date(last) < Due(row, before) && Due(row, before) <= Date(reminder)) && reminder < row.Expires;
            bool expired = last < row.Expires && row.Expires <= reminder && Date(last) < Date(reminder);
            Assert.True(warned || expired, $"{row.CommonName} was reminded of at {reminder:u} after {last:u}, it expires at {row.Expires:u}");
            last = reminder;
        }
    }

    private void NothingIsForgotten(CertificateRecord row, DateTimeOffset now)
    {
        DateTimeOffset last = row.ExpiryReminders.DefaultIfEmpty(DateTimeOffset.MinValue).Last();
        foreach (DateOnly day in DaysOf(row).Select(before => Due(row, before)))
        {
            bool missed = lastRun is { } run && Date(run) < day && day < Date(now) && day > Date(row.Issued);
            bool due = now < row.Expires && (day == Date(now) || missed);
            Assert.True(!due || Date(last) >= day, $"{row.CommonName} expires at {row.Expires:u}; nobody was reminded at {now:u}");
        }

        bool expired = now >= row.Expires && (lastRun < row.Expires || now - row.Expires <= TimeSpan.FromDays(1) || heldBack.Contains(row.SerialNumber));
        bool told = last >= row.Expires;
        bool remindedToday = Date(last) == Date(now);
        Assert.True(!expired || told || remindedToday, $"nobody was told at {now:u} that {row.CommonName} expired at {row.Expires:u}");
        if (expired && !told)
        {
            heldBack.Add(row.SerialNumber); // one reminder a day: it is told on another
        }
    }

    // No warning while more than half of the life is to come (contract 12.29).
    private static IEnumerable<int> DaysOf(CertificateRecord row) => Days.Where(before => 2 * before <= (row.Expires - row.Issued).TotalDays);

    private static DateOnly Due(CertificateRecord row, int daysBefore) => Date(row.Expires).AddDays(-daysBefore);

    private static DateOnly Date(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
