using System.Globalization;
using System.Text.Json;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Api;

/// <summary>Writes and reads the numbers of an inventory, for the page of <c>serve</c>.</summary>
public static class SummaryDocument
{
    private const string DayForm = "yyyy-MM-dd";

    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter writer, InventorySummary summary)
    {
        writer.WriteNumber("Count", summary.Count);
        writer.WriteNumber("Valid", summary.Valid);
        writer.WriteNumber("Expired", summary.Expired);
        writer.WriteNumber("Revoked", summary.Revoked);
        writer.WriteNumber("Authorities", summary.Authorities);
        writer.WriteNumber("Overdue", summary.Overdue);
        JsonText.WriteList(writer, "Expiring", summary.Expiring, week =>
        {
            writer.WriteString("From", week.From.ToString(DayForm, CultureInfo.InvariantCulture));
            writer.WriteString("Until", week.Until.ToString(DayForm, CultureInfo.InvariantCulture));
            writer.WriteNumber("Count", week.Count);
        });
    }

    /// <summary>Reads the document.</summary>
    /// <exception cref="UnreadableDocumentException">It is not such a document.</exception>
    public static InventorySummary Read(ReadOnlyMemory<byte> utf8) => DocumentReader.Read(utf8, document => new InventorySummary
    {
        Count = document.Count("Count"),
        Valid = document.Count("Valid"),
        Expired = document.Count("Expired"),
        Revoked = document.Count("Revoked"),
        Authorities = document.Count("Authorities"),
        Overdue = document.Count("Overdue"),
        Expiring = document.List("Expiring", week => new ExpiringWeek(Day(week, "From"), Day(week, "Until"), week.Count("Count"))),
    });

    private static DateOnly Day(DocumentReader week, string name) =>
        DateOnly.TryParseExact(week.Text(name), DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day
            : throw week.Wrong(name, "a day such as 2030-01-02");
}
