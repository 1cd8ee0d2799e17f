using System.Globalization;

namespace ServerlessCA.Core.Records;

/// <summary>Times as the table and the messages write them: <c>yyyy-MM-dd HH:mm:ss</c>, UTC (contract section 2).</summary>
public static class TableTime
{
    /// <summary>How .NET writes and reads them.</summary>
    public const string Format = "yyyy-MM-dd HH:mm:ss";

    /// <summary>Text of a time; fractions of a second are cut.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads such a text.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>Reads such a text.</summary>
    /// <exception cref="FormatException">Another form.</exception>
    public static DateTimeOffset Parse(string text) =>
        TryParse(text, out DateTimeOffset time) ? time : throw new FormatException($"'{text}' is not a time of the form {Format}");

    /// <summary>Cuts fractions of a second, as X.509 times have none (RFC 5280 §4.1.2.5).</summary>
    public static DateTimeOffset WholeSeconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

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
