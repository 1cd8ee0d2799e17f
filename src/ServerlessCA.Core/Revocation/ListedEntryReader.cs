using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Revocation;

/// <summary>Reads the elements of a revocation list, one after the other. A certificate that can be revoked is revoked, whatever else is
/// wrong with its entry.</summary>
/// <param name="file">The name of the list.</param>
/// <param name="list">The list.</param>
internal sealed class ListedEntryReader(string file, ListContent list)
{
    private static readonly string[] TimeFormats = [TableTime.Format, "yyyy-MM-ddTHH:mm:ssK"];

    private readonly ListedMembers members = new();

    /// <summary>Lists the keys that are ignored in the element that was read last, cut to a length for messages.</summary>
    public IReadOnlyList<string> Ignored => members.Ignored;

    /// <summary>Reads an element.</summary>
    /// <param name="element">Any JSON.</param>
    /// <param name="position">From 1.</param>
    /// <param name="entry">What the element says.</param>
    /// <param name="why">Why it cannot be read, when it cannot.</param>
    public bool TryRead(JsonElement element, int position, [NotNullWhen(true)] out ListedEntry? entry, [NotNullWhen(false)] out string? why)
    {
        entry = null;
        why = element.ValueKind != JsonValueKind.Object || !JsonFaults.IsUnicode(element)
            ? "it must be a map with common_name and serial_number"
            : Read(element, position, out entry);
        return why is null;
    }

    /// <summary>Says where an element that cannot be read stands.</summary>
    public EntryPlace PlaceOf(JsonElement element, int position)
    {
        bool isMap = element.ValueKind == JsonValueKind.Object && JsonFaults.IsUnicode(element);
        if (isMap)
        {
            members.Read(element);
        }

        return Place(element, position, isMap ? Written(members.CommonName) : "", isMap ? Written(members.SerialNumber) : "");
    }

    private string? Read(JsonElement element, int position, out ListedEntry? entry)
    {
        entry = null;
        members.Read(element);
        string? name = members.CommonName is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        if (members.CommonName is not null && string.IsNullOrEmpty(name))
        {
            return "common_name is not text, or empty: correct it, or leave it out and the serial number alone counts";
        }

        if (members.SerialNumber is not { } serial)
        {
            string instead = element.TryGetProperty("serial"u8, out _) ? "; 'serial' is not known" : "";
            return members.Fault ?? $"serial_number is missing{instead}";
        }

        string written = Written(serial);
        if (!SerialNumberText.TryRead(serial.ValueKind, written, out SerialReading reading))
        {
            return "serial_number must be a positive number of at most 20 octets: decimal, 0x…, or hex digits with or without colons";
        }

        RevocationReason reason = Reason(out string? fault);
        bool unrecorded = Flag(ref fault);
        entry = new ListedEntry(Place(element, position, name ?? "", written), name, reading, reason)
        {
            IsUnrecorded = unrecorded,
            Expires = Expires(unrecorded, ref fault),
            Fault = members.Fault ?? fault,
        };
        return null;
    }

    // A misspelt reason must not leave a certificate valid: it is revoked without a reason, and the entry has failed.
    private RevocationReason Reason(out string? fault)
    {
        RevocationReason reason = default;
        fault = members.Reason is { } value
            && !(value.ValueKind == JsonValueKind.String && RevocationReasons.TryParse(value.GetString()!, out reason))
            ? $"reason is none of {string.Join(", ", RevocationReasons.Names)}: it counts as unspecified"
            : null;
        return reason;
    }

    private bool Flag(ref string? fault)
    {
        switch (members.Unrecorded)
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
    private DateTimeOffset? Expires(bool unrecorded, ref string? fault)
    {
        if (members.Expires is not { } value)
        {
            return null;
        }

        string text = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : "";
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            return new DateTimeOffset(day.ToDateTime(new TimeOnly(23, 59, 59)), TimeSpan.Zero);
        }

        if (DateTimeOffset.TryParseExact(
            text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
        {
            return time;
        }

        fault ??= unrecorded ? "expires must be a time such as 2030-12-31 or 2030-12-31 23:59:59 (UTC): it is ignored" : null;
        return null;
    }

    private EntryPlace Place(JsonElement element, int position, string commonName, string serialNumber) =>
        new(new ListPlace(file, position) { List = list }, Excerpt.Of(commonName), Excerpt.Of(serialNumber)) { Written = element };

    private static string Written(JsonElement? member) => member switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => "",
    };
}

/// <summary>Reads the members of an entry of a revocation list (contract section 4, 12.9, 12.22), and judges the keys that are none of
/// ours.</summary>
internal sealed class ListedMembers
{
    private const int MaxOthers = 100; // unknown keys of an entry; our decision: a note has one or two

    private readonly JsonElement[] values = new JsonElement[ListedEntryKeys.Known.Length];
    private readonly HashSet<string> others = new(StringComparer.Ordinal);
    private readonly List<string> ignored = [];
    private int twice; // bits of our keys that are given twice

    /// <summary>Gets the name of the certificate; null counts as absent, as in every file.</summary>
    public JsonElement? CommonName => Member(0);

    /// <summary>Gets its number.</summary>
    public JsonElement? SerialNumber => Member(1);

    /// <summary>Gets why it is revoked.</summary>
    public JsonElement? Reason => Member(2);

    /// <summary>Gets whether it has no row.</summary>
    public JsonElement? Unrecorded => Member(3);

    /// <summary>Gets when it expires.</summary>
    public JsonElement? Expires => Member(4);

    /// <summary>Gets what makes the entry fail because its meaning is not certain: a key given twice, or one that is nearly one of
    /// ours.</summary>
    public string? Fault { get; private set; }

    /// <summary>Lists unknown keys that are not nearly one of ours, cut to a length for messages: people write notes in lists.</summary>
    public IReadOnlyList<string> Ignored => ignored;

    /// <summary>Reads an entry; what was read before is forgotten.</summary>
    /// <param name="entry">An object, all of its texts well-formed Unicode.</param>
    public void Read(JsonElement entry)
    {
        values.AsSpan().Clear();
        others.Clear();
        ignored.Clear();
        (twice, Fault) = (0, null);
        foreach (JsonProperty member in entry.EnumerateObject())
        {
            int known = ListedEntryKeys.IndexOf(member);
            if (known < 0)
            {
                NoteOther(member.Name);
                continue;
            }

            twice |= values[known].ValueKind == JsonValueKind.Undefined ? 0 : 1 << known;
            values[known] = member.Value; // the last of equal keys counts, as everywhere
        }

        Fault = twice != 0 ? $"'{ListedEntryKeys.Known[BitOperations.TrailingZeroCount(twice)]}' is given twice" : Fault;
    }

    // contract 12.24: comments are no mistake.
    private void NoteOther(string name)
    {
        if (RequestKeyFault.IsRemark(name) || others.Count > MaxOthers || !others.Add(name))
        {
            return;
        }

        if (others.Count > MaxOthers)
        {
            Fault ??= string.Create(CultureInfo.InvariantCulture, $"it has more than {MaxOthers} keys that are not known: nobody can tell what it means");
        }
        else if (Suggestion.Nearest(name, ListedEntryKeys.Known) is { } nearest)
        {
            Fault ??= $"'{Excerpt.Of(name)}' is not known: did you mean '{nearest}'?";
        }
        else
        {
            ignored.Add(Excerpt.Of(name));
        }
    }

    private JsonElement? Member(int at) => values[at].ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : values[at];
}

/// <summary>Names the keys of an entry of a revocation list (contract section 4, 12.9, 12.22).</summary>
internal static class ListedEntryKeys
{
    public const string CommonName = "common_name";
    public const string SerialNumber = "serial_number";
    public const string Reason = "reason";
    public const string Unrecorded = "unrecorded";
    public const string Expires = "expires";

    /// <summary>Lists them.</summary>
    public static readonly string[] Known = [CommonName, SerialNumber, Reason, Unrecorded, Expires];

    private static readonly byte[][] Written = [.. Known.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Finds the key of a member among them; -1: it is none.</summary>
    public static int IndexOf(JsonProperty member)
    {
        for (int at = 0; at < Written.Length; at++)
        {
            if (member.NameEquals(Written[at]))
            {
                return at;
            }
        }

        return -1;
    }
}
