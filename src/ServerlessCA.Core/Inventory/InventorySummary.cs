using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>Counts the certificates of an inventory. The counts by status are those of lists with the same filter, so that an
/// expired certificate that is revoked counts twice, and a valid CA as valid and as CA. Immutable.</summary>
public sealed record InventorySummary
{
    /// <summary>Is how many weeks the timeline has (our decision: half a year).</summary>
    public const int Weeks = 26;

    /// <summary>Is how long a name that has no good certificate any more counts as overdue: days (our decision: later nobody misses
    /// it).</summary>
    public const int OverdueDays = 28;

    private const int DaysOfWeek = 7;

    /// <summary>Counts all certificates.</summary>
    public required int Count { get; init; }

    /// <summary>Counts those that are neither expired nor revoked, CAs included (<see cref="InventoryFilter.Valid"/>).</summary>
    public required int Valid { get; init; }

    /// <summary>Counts expired ones (<see cref="InventoryFilter.Expired"/>).</summary>
    public required int Expired { get; init; }

    /// <summary>Counts revoked ones (<see cref="InventoryFilter.Revoked"/>).</summary>
    public required int Revoked { get; init; }

    /// <summary>Counts valid ones of CAs (<see cref="InventoryFilter.Authorities"/>).</summary>
    public required int Authorities { get; init; }

    /// <summary>Counts the names of end entities whose last certificate that is not revoked expired within the last
    /// <see cref="OverdueDays"/>: nobody has renewed it.</summary>
    public required int Overdue { get; init; }

    /// <summary>Gets how many certificates that are not revoked expire in each of <see cref="Weeks"/> weeks; the first week begins
    /// today.</summary>
    public required IReadOnlyList<ExpiringWeek> Expiring { get; init; }

    /// <summary>Gets the first moment of what counts as overdue, UTC.</summary>
    public static DateTimeOffset OverdueFrom(DateTimeOffset now) => now - TimeSpan.FromDays(OverdueDays);

    /// <summary>Adds up the days of the timeline to weeks.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="days">How many valid certificates expire on each day; any days, in no order.</param>
    public static IReadOnlyList<ExpiringWeek> WeeksOf(DateTimeOffset now, IEnumerable<(DateOnly Day, int Count)> days)
    {
        DateOnly today = DayOf(now);
        int[] counts = new int[Weeks];
        foreach ((DateOnly day, int count) in days)
        {
            if (day >= today && (day.DayNumber - today.DayNumber) / DaysOfWeek is < Weeks and var week)
            {
                counts[week] += count;
            }
        }

        return [.. counts.Select((count, week) => new ExpiringWeek(
            BoundedTime.AddDays(today, week * DaysOfWeek), BoundedTime.AddDays(today, ((week + 1) * DaysOfWeek) - 1), count))];
    }

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}

/// <summary>Counts what expires in a week. Immutable.</summary>
/// <param name="From">The first day, UTC.</param>
/// <param name="Until">The last day, UTC.</param>
/// <param name="Count">How many certificates.</param>
public sealed record ExpiringWeek(DateOnly From, DateOnly Until, int Count);

/// <summary>Counts rows for a summary, one by one. It holds a time for each name.</summary>
/// <param name="now">The current time, UTC.</param>
internal sealed class SummaryCount(DateTimeOffset now)
{
    private static readonly InventoryFilter Valid = new() { Valid = true };
    private static readonly InventoryFilter Expired = new() { Expired = true };
    private static readonly InventoryFilter Revoked = new() { Revoked = true };
    private static readonly InventoryFilter Authorities = new() { Authorities = true };

    private readonly Dictionary<string, DateTimeOffset> lastOf = [];
    private readonly Dictionary<DateOnly, int> days = [];
    private int all;
    private int valid;
    private int expired;
    private int revoked;
    private int authorities;

    /// <summary>Counts a row.</summary>
    public void Add(CertificateLine line)
    {
        all++;
        valid += Valid.TakesLine(line, now) ? 1 : 0;
        expired += Expired.TakesLine(line, now) ? 1 : 0;
        revoked += Revoked.TakesLine(line, now) ? 1 : 0;
        authorities += Authorities.TakesLine(line, now) ? 1 : 0;
        if (Valid.TakesLine(line, now))
        {
            var day = DateOnly.FromDateTime(line.Expires.UtcDateTime);
            days[day] = days.GetValueOrDefault(day) + 1;
        }

        if (!line.IsCa && line.Revoked is null && line.Expires > lastOf.GetValueOrDefault(line.CommonName))
        {
            lastOf[line.CommonName] = line.Expires;
        }
    }

    /// <summary>Returns the counts.</summary>
    public InventorySummary Sum() => new()
    {
        Count = all,
        Valid = valid,
        Expired = expired,
        Revoked = revoked,
        Authorities = authorities,
        Overdue = lastOf.Values.Count(last => last < now && last >= InventorySummary.OverdueFrom(now)),
        Expiring = InventorySummary.WeeksOf(now, days.Select(day => (day.Key, day.Value))),
    };
}
