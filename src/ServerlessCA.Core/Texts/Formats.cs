using System.Globalization;

namespace ServerlessCA.Core.Texts;

/// <summary>Writes and reads times in our own JSON: RFC 3339, UTC, whole seconds, such as <c>2030-01-02T12:00:00Z</c>. Where
/// the contract gives a time another form, that form stays (contract section 2).</summary>
public static class Rfc3339
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Writes a time; cuts off fractions of a second.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}

/// <summary>Counts things in sentences: <c>1 entry</c>, <c>2 entries</c>.</summary>
public static class Counted
{
    /// <summary>Counts entries of a list.</summary>
    public static string Entries(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "entry" : "entries")}");
}
