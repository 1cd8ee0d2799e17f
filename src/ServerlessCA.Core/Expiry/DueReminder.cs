using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Expiry;

/// <summary>Whether a certificate is to be reminded of now (SPEC sections 8 and 12.15). Days are counted by date, UTC.</summary>
internal sealed class DueReminder(IReadOnlyList<int> days, DateTimeOffset now, DateTimeOffset? lastRun)
{
    private static readonly TimeSpan ToldFor = TimeSpan.FromDays(1); // SPEC section 8: expired in the last 24 h

    private readonly DateOnly today = Date(now);

    /// <summary>The first and last day of expiry that can be due: nothing outside is worth reading.</summary>
    public (DateOnly First, DateOnly Last) Range()
    {
        int earliest = Math.Min(-1, days.DefaultIfEmpty(0).Min());
        DateOnly first = BoundedTime.AddDays(today, earliest);
        DateOnly sinceLastRun = lastRun is { } last && last < now ? BoundedTime.AddDays(Date(last), earliest) : first;
        return (sinceLastRun < first ? sinceLastRun : first, BoundedTime.AddDays(today, Math.Max(0, days.DefaultIfEmpty(0).Max())));
    }

    /// <summary>What is due for a row: <see cref="Due.Nothing"/> if it was reminded of today, or nothing is.</summary>
    public Due Of(CertificateRecord row)
    {
        if (row.ExpiryReminders.Any(reminder => Date(reminder) >= today))
        {
            return Due.Nothing;
        }

        bool toldExpired = row.ExpiryReminders.Any(reminder => reminder >= row.Expires);
        bool newlyExpired = now >= row.Expires && (now - row.Expires <= ToldFor || lastRun < row.Expires || WasHeldBack(row));
        if (newlyExpired && !toldExpired)
        {
            return Due.Expired;
        }

        return days.Any(before => IsDue(row, BoundedTime.AddDays(Date(row.Expires), -before))) ? Due.Warning : Due.Nothing;
    }

    /// <summary>Days left, by date; negative after expiry.</summary>
    public int DaysRemaining(CertificateRecord row) => Date(row.Expires).DayNumber - today.DayNumber;

    // One reminder a day: the last run came after the expiry, but had reminded on that day already.
    private bool WasHeldBack(CertificateRecord row) =>
        lastRun is { } last && row.ExpiryReminders.Any(reminder => Date(reminder) == Date(last));

    // On its day; or later, once, when no run came by that day although runs came before it.
    private bool IsDue(CertificateRecord row, DateOnly day)
    {
        if (day == today)
        {
            return true;
        }

        bool missed = lastRun is { } last && Date(last) < day && day < today && now < row.Expires && day > Date(row.Issued);
        return missed && !row.ExpiryReminders.Any(reminder => Date(reminder) >= day);
    }

    private static DateOnly Date(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}

/// <summary>What is due.</summary>
internal enum Due
{
    Nothing,
    Warning,
    Expired,
}
