using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Revocation;

/// <summary>Reads one element of a revocation list. A certificate that can be revoked is revoked, whatever else is wrong with its
/// entry.</summary>
/// <param name="file">The name of the list.</param>
/// <param name="list">The list.</param>
internal sealed class ListedEntryReader(string file, ListContent list)
{
    /// <summary>Reads an element.</summary>
    /// <param name="element">Any JSON.</param>
    /// <param name="position">From 1.</param>
    /// <param name="entry">What the element says.</param>
    /// <param name="failure">Why it cannot be read, when it cannot.</param>
    public bool TryRead(
        JsonElement element, int position, [NotNullWhen(true)] out ListedEntry? entry, [NotNullWhen(false)] out EntryFailure? failure)
    {
        entry = null;
        EntryPlace place = PlaceOf(element, position);
        string? why = element.ValueKind != JsonValueKind.Object || !JsonFaults.IsUnicode(element)
            ? "it must be a map with common_name and serial_number"
            : Read(element, place, out entry);
        failure = why is null ? null : new EntryFailure(place, why);
        return why is null;
    }

    /// <summary>Lists what is ignored in a readable entry.</summary>
    public static IEnumerable<string> Warnings(JsonElement element, EntryPlace place) =>
        ListedEntryKeys.Ignored(element).Select(name => $"{place}: '{name}' is not known and ignored; keys that begin with _ are for notes");

    private static string? Read(JsonElement element, EntryPlace place, out ListedEntry? entry)
    {
        entry = null;
        if (!TryText(element, ListedEntryKeys.CommonName, out string? name) || name?.Length == 0)
        {
            return "common_name is not text, or empty: correct it, or leave it out and the serial number alone counts";
        }

        if (Member(element, ListedEntryKeys.SerialNumber) is not { } serial)
        {
            string instead = element.TryGetProperty("serial", out _) ? "; 'serial' is not known" : "";
            return ListedEntryKeys.Fault(element) ?? $"serial_number is missing{instead}";
        }

        if (!SerialNumberText.TryRead(serial, out SerialReading reading))
        {
            return "serial_number must be a positive number of at most 20 octets: decimal, 0x…, or hex digits with or without colons";
        }

        RevocationReason reason = Reason(element, out string? fault);
        bool unrecorded = Flag(element, ref fault);
        entry = new ListedEntry(place, name, reading, reason)
        {
            IsUnrecorded = unrecorded,
            Expires = Expires(element, unrecorded, ref fault),
            Fault = ListedEntryKeys.Fault(element) ?? fault,
        };
        return null;
    }

    // A misspelt reason must not leave a certificate valid: it is revoked without a reason, and the entry has failed.
    private static RevocationReason Reason(JsonElement element, out string? fault)
    {
        RevocationReason reason = default;
        fault = Member(element, ListedEntryKeys.Reason) is { } value
            && !(value.ValueKind == JsonValueKind.String && RevocationReasons.TryParse(value.GetString()!, out reason))
            ? $"reason is none of {string.Join(", ", RevocationReasons.Names)}: it counts as unspecified"
            : null;
        return reason;
    }

    private static bool Flag(JsonElement element, ref string? fault)
    {
        switch (Member(element, ListedEntryKeys.Unrecorded))
        {
            case null or { ValueKind: JsonValueKind.False }:
                return false;
            case { ValueKind: JsonValueKind.True }:
                return true;
            case { ValueKind: JsonValueKind.String } text when bool.TryParse(text.GetString(), out bool flag):
                return flag;
            default:
                fault ??= "unrecorded must be true or false";
                return false;
        }
    }

    // A day without a time means its last second.
    private static DateTimeOffset? Expires(JsonElement element, bool unrecorded, ref string? fault)
    {
        if (Member(element, ListedEntryKeys.Expires) is not { } value)
        {
            return null;
        }

        string text = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : "";
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            return new DateTimeOffset(day.ToDateTime(new TimeOnly(23, 59, 59)), TimeSpan.Zero);
        }

        string[] formats = [TableTime.Format, "yyyy-MM-ddTHH:mm:ssK"];
        if (DateTimeOffset.TryParseExact(
            text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
        {
            return time;
        }

        fault ??= unrecorded ? "expires must be a time such as 2030-12-31 or 2030-12-31 23:59:59 (UTC): it is ignored" : null;
        return null;
    }

    private EntryPlace PlaceOf(JsonElement element, int position)
    {
        bool readable = JsonFaults.IsUnicode(element);
        bool isMap = readable && element.ValueKind == JsonValueKind.Object;
        return new EntryPlace(
            new ListPlace(file, position) { List = list },
            isMap ? Shown(element, ListedEntryKeys.CommonName) : "",
            isMap ? Shown(element, ListedEntryKeys.SerialNumber) : "",
            readable ? CanonicalJson.Hash(element) : string.Create(CultureInfo.InvariantCulture, $"unreadable {position}"));
    }

    private static string Shown(JsonElement element, string key) => Member(element, key) switch
    {
        { ValueKind: JsonValueKind.String } text => Excerpt.Of(text.GetString()!),
        { ValueKind: JsonValueKind.Number } number => Excerpt.Of(number.GetRawText()),
        _ => "",
    };

    private static bool TryText(JsonElement element, string key, out string? text)
    {
        JsonElement? member = Member(element, key);
        text = member is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
        return member is null || text is not null;
    }

    // Null counts as absent, as in every file.
    private static JsonElement? Member(JsonElement element, string key) =>
        element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

/// <summary>Names the keys of an entry of a revocation list (contract section 4, 12.9, 12.22), and judges other keys.</summary>
internal static class ListedEntryKeys
{
    public const string CommonName = "common_name";
    public const string SerialNumber = "serial_number";
    public const string Reason = "reason";
    public const string Unrecorded = "unrecorded";
    public const string Expires = "expires";

    private static readonly string[] Known = [CommonName, SerialNumber, Reason, Unrecorded, Expires];

    /// <summary>Returns what makes the entry fail because its meaning is not certain: a key given twice, or one that is nearly
    /// one of ours.</summary>
    public static string? Fault(JsonElement element)
    {
        string[] names = [.. element.EnumerateObject().Select(member => member.Name)];
        if (Known.FirstOrDefault(known => names.Count(name => name == known) > 1) is { } twice)
        {
            return $"'{twice}' is given twice";
        }

        return Others(element).Where(name => Suggestion.Nearest(name, Known) is not null)
            .Select(name => $"'{Excerpt.Of(name)}' is not known: did you mean '{Suggestion.Nearest(name, Known)}'?").FirstOrDefault();
    }

    /// <summary>Lists unknown keys that are not nearly one of ours: people write notes in lists.</summary>
    public static IEnumerable<string> Ignored(JsonElement element) =>
        Others(element).Where(name => Suggestion.Nearest(name, Known) is null).Select(Excerpt.Of);

    // contract 12.24: comments are no mistake.
    private static IEnumerable<string> Others(JsonElement element) => element.EnumerateObject().Select(member => member.Name)
        .Where(name => !Known.Contains(name, StringComparer.Ordinal) && name is not ("comment" or ['$' or '_', ..])).Distinct(StringComparer.Ordinal);
}
