namespace ServerlessCA.Core.Records;

/// <summary>Sums of times that end with the calendar: a clock that is wrong by thousands of years, or a certificate
/// without an end (RFC 5280 §4.1.2.5: 9999), must not end a program.</summary>
public static class BoundedTime
{
    /// <summary>The end of an unlimited validity, and the last whole second that there is.</summary>
    public static DateTimeOffset Last { get; } = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// <summary>So much later, but never after <see cref="Last"/>.</summary>
    public static DateTimeOffset After(DateTimeOffset start, TimeSpan wait) => wait < Last - start ? start + wait : Last;

    /// <summary>So many days later or earlier, within the calendar.</summary>
    public static DateOnly AddDays(DateOnly day, int days) =>
        DateOnly.FromDayNumber((int)Math.Clamp((long)day.DayNumber + days, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));
}
