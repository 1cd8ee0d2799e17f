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
