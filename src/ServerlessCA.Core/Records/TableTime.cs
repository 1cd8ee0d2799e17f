using System.Globalization;

namespace ServerlessCA.Core.Records;

/// <summary>Writes and reads times as the table and the messages have them: <c>yyyy-MM-dd HH:mm:ss</c>, UTC (contract section
/// 2).</summary>
public static class TableTime
{
    /// <summary>Is the format of such times, as .NET writes it.</summary>
    public const string Format = "yyyy-MM-dd HH:mm:ss";

    /// <summary>Writes a time; fractions of a second are cut.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads such a text.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>Reads such a text.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static DateTimeOffset Parse(string text) =>
        TryParse(text, out DateTimeOffset time) ? time : throw new FormatException($"'{text}' is not a time of the form {Format}");

    /// <summary>Cuts fractions of a second, as X.509 times have none (RFC 5280 §4.1.2.5).</summary>
    public static DateTimeOffset WholeSeconds(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}

/// <summary>Adds times within the calendar: a clock that is wrong by thousands of years, or a certificate without an end (RFC
/// 5280 §4.1.2.5: 9999), must not end a program.</summary>
public static class BoundedTime
{
    /// <summary>Gets the end of an unlimited validity, the last whole second of the calendar.</summary>
    public static DateTimeOffset Last { get; } = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    /// <summary>Adds a time span, but never goes beyond <see cref="Last"/>.</summary>
    public static DateTimeOffset After(DateTimeOffset start, TimeSpan wait) => wait < Last - start ? start + wait : Last;

    /// <summary>Adds days, which may be negative, within the calendar.</summary>
    public static DateOnly AddDays(DateOnly day, int days) =>
        DateOnly.FromDayNumber((int)Math.Clamp((long)day.DayNumber + days, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));
}
