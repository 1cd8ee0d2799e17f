using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Expiry;

/// <summary>Decides whether a certificate needs a reminder now (contract sections 8, 12.15 and 12.29). Days are counted by date,
/// UTC.</summary>
/// <param name="days">Days before expiry on which to remind.</param>
/// <param name="now">The current time, UTC.</param>
/// <param name="lastRun">When a run was last completed; null: never.</param>
internal sealed class ReminderRules(IReadOnlyList<int> days, DateTimeOffset now, DateTimeOffset? lastRun)
{
    private static readonly TimeSpan ExpiredFor = TimeSpan.FromDays(1); // contract section 8: expired in the last 24 h

    private readonly DateOnly today = WarningTime.Date(now);

    /// <summary>Returns the first and last day of expiry that can be due: rows outside this range need not be read.</summary>
    public (DateOnly First, DateOnly Last) Range()
    {
        int earliest = Math.Min(-1, days.DefaultIfEmpty(0).Min());
        DateOnly first = BoundedTime.AddDays(today, earliest);
        DateOnly sinceLastRun = lastRun is { } last && last < now ? BoundedTime.AddDays(WarningTime.Date(last), earliest) : first;
        return (sinceLastRun < first ? sinceLastRun : first, BoundedTime.AddDays(today, Math.Max(0, days.DefaultIfEmpty(0).Max())));
    }

    /// <summary>Returns the reminder that is due for a row, unless it was renewed; null if one was sent today, or none is
    /// due.</summary>
    public Reminder? Of(CertificateRecord row)
    {
        if (row.IsCa || row.Revoked is not null || row.ExpiryReminders.Any(reminder => WarningTime.Date(reminder) >= today))
        {
            return null;
        }

        if (IsNewlyExpired(row) && !row.ExpiryReminders.Any(reminder => reminder >= row.Expires))
        {
            return new Reminder(row, now - row.Expires <= ExpiredFor ? ReminderCause.Expired : ReminderCause.ExpiredBefore, 0);
        }

        return Warns(row, day => day == today) ? new Reminder(row, ReminderCause.Day, WarningTime.DaysRemaining(row.Expires, now))
            : Warns(row, day => WasMissed(row, day)) ? new Reminder(row, ReminderCause.MissedDay, WarningTime.DaysRemaining(row.Expires, now))
            : null;
    }

    // A warning that is too early on its day is never sent: the day does not change.
    private bool Warns(CertificateRecord row, Func<DateOnly, bool> isDue) => days.Any(before =>
        isDue(BoundedTime.AddDays(WarningTime.Date(row.Expires), -before)) && !WarningTime.IsTooEarly(row, before));

    private bool IsNewlyExpired(CertificateRecord row) =>
        now >= row.Expires && (now - row.Expires <= ExpiredFor || lastRun < row.Expires || WasHeldBack(row));

    // There is one reminder a day: the last run came after the expiry, but had sent another one that day.
    private bool WasHeldBack(CertificateRecord row) =>
        lastRun is { } last && row.ExpiryReminders.Any(reminder => WarningTime.Date(reminder) == WarningTime.Date(last));

    // A reminder is sent late once, when no run came by its day although runs came before it (decision 0004).
    private bool WasMissed(CertificateRecord row, DateOnly day) =>
        lastRun is { } last && WarningTime.Date(last) < day && day < today && now < row.Expires && day > WarningTime.Date(row.Issued)
        && !row.ExpiryReminders.Any(reminder => WarningTime.Date(reminder) >= day);
}

/// <summary>Is a reminder that is due for one certificate. Immutable.</summary>
/// <param name="Row">The certificate's row.</param>
/// <param name="Cause">Why it is due.</param>
/// <param name="DaysRemaining">Days left, by date; 0 once it has expired.</param>
public sealed record Reminder(CertificateRecord Row, ReminderCause Cause, int DaysRemaining)
{
    /// <summary>Says whether the certificate has expired; if not, the reminder is a warning.</summary>
    public bool HasExpired => Cause is ReminderCause.Expired or ReminderCause.ExpiredBefore;
}

/// <summary>Says why a reminder is due.</summary>
public enum ReminderCause
{
    /// <summary>Today is one of the days of <c>expiry_reminders</c>.</summary>
    Day,

    /// <summary>No run came on one of the days: the reminder is sent late.</summary>
    MissedDay,

    /// <summary>The certificate expired within the last 24 hours.</summary>
    Expired,

    /// <summary>The certificate expired before that, and no run has reported it.</summary>
    ExpiredBefore,
}

/// <summary>Decides when a warning of an expiry is useful (contract 12.29): not before half of the certificate's life is over.
/// Otherwise a certificate of 30 days would be warned of in the run that issues it. Days left are counted by date, UTC.</summary>
internal static class WarningTime
{
    /// <summary>Returns the days left, by date; negative after expiry.</summary>
    public static int DaysRemaining(DateTimeOffset notAfter, DateTimeOffset now) => Date(notAfter).DayNumber - Date(now).DayNumber;

    /// <summary>Says whether a warning is too early with so many days left. The row says when its certificate expires, the
    /// certificate itself how long its life is; if it cannot be read, the row's dates count.</summary>
    public static bool IsTooEarly(CertificateRecord row, int daysRemaining) =>
        row.Certificate is { } certificate
            ? IsTooEarly(daysRemaining, certificate.NotBefore, certificate.NotAfter)
            : IsTooEarly(daysRemaining, row.Issued, row.Expires);

    /// <summary>Says the same of a life.</summary>
    public static bool IsTooEarly(int daysRemaining, DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        2 * daysRemaining > (notAfter - notBefore).TotalDays;

    /// <summary>Returns the day of a time, UTC.</summary>
    public static DateOnly Date(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}
