using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Revocation;

/// <summary>Edits the text of <c>revoked.json</c> for people who revoke by pull request: adds one entry, laid out as the others
/// are, without duplicates, or replaces a reason by a graver one (contract 12.20). Everything else stays as it was, a byte order
/// mark included.</summary>
public static class RevocationListFile
{
    private const string Indent = "    "; // for an empty list, as in the examples
    private const string ByteOrderMark = "\uFEFF";

    /// <summary>Adds an entry.</summary>
    /// <param name="text">The file's content; empty when there is none yet.</param>
    /// <param name="entry">The certificate to revoke.</param>
    /// <param name="edited">The new text; the given one when the entry is in it already, with a reason that is no less
    /// grave.</param>
    /// <param name="why">Why the file cannot be edited, when it cannot.</param>
    public static bool TryAdd(
        string text, RevocationEntry entry, [NotNullWhen(true)] out string? edited, [NotNullWhen(false)] out string? why)
    {
        bool marked = text.StartsWith(ByteOrderMark, StringComparison.Ordinal);
        string list = marked ? text[1..] : text;
        list = string.IsNullOrWhiteSpace(list) ? "[]" + ListText.NewLineOf(list) : list;
        why = ListText.TryParse(list, out JsonElement json, out ListFault? fault) ? null : Text(fault);
        edited = why is not null ? null
            : Edited(list, json, entry) is { } changed ? (marked ? ByteOrderMark : "") + changed
            : text;
        return edited is not null && why is null;
    }

    // Returns null when there is nothing to edit.
    private static string? Edited(string list, JsonElement json, RevocationEntry entry)
    {
        int place = json.EnumerateArray().TakeWhile(element => !IsSame(element, entry)).Count();
        bool isNew = place == json.GetArrayLength();
        if (!isNew && !RevocationReasons.IsGraver(entry.Reason, ReasonOf(json[place])))
        {
            return null;
        }

        JsonObject listed = isNew
            ? new JsonObject { [ListedEntryKeys.CommonName] = entry.CommonName, [ListedEntryKeys.SerialNumber] = entry.SerialNumber.ToString() }
            : JsonObject.Create(json[place])!;
        if (entry.Reason != RevocationReason.Unspecified)
        {
            listed[ListedEntryKeys.Reason] = RevocationReasons.Name(entry.Reason);
        }

        string edited = isNew ? ListText.Add(list, listed, Indent) : ListText.Replace(list, place, listed);
        return edited.EndsWith('\n') ? edited : edited + ListText.NewLineOf(list);
    }

    private static string Text(ListFault fault) => fault switch
    {
        ListFault.NoJson broken => $"it is not JSON: {broken.Place}",
        ListFault.HalfCharacter => @"it has half a character, such as \ud800, which cannot be written again",
        _ => "it must hold a JSON list",
    };

    private static RevocationReason ReasonOf(JsonElement listed) =>
        listed.TryGetProperty(ListedEntryKeys.Reason, out JsonElement name) && name.ValueKind == JsonValueKind.String
        && RevocationReasons.TryParse(name.GetString()!, out RevocationReason reason)
            ? reason
            : RevocationReason.Unspecified;

    private static bool IsSame(JsonElement element, RevocationEntry entry) =>
        element.ValueKind == JsonValueKind.Object
        && element.EnumerateObject().CountBy(member => member.Name).All(name => name.Value == 1) // else nobody knows what it says
        && element.TryGetProperty(ListedEntryKeys.CommonName, out JsonElement name) && name.ValueKind == JsonValueKind.String
        && name.ValueEquals(entry.CommonName)
        && element.TryGetProperty(ListedEntryKeys.SerialNumber, out JsonElement serial)
        && SerialNumberText.TryRead(serial, out SerialReading reading) && reading.Number == entry.SerialNumber;
}

/// <summary>Is one entry to write into <c>revoked.json</c> or <c>revoked-root-ca.json</c>. Immutable.</summary>
/// <param name="CommonName">Exactly as in the table.</param>
/// <param name="SerialNumber">The certificate to revoke.</param>
/// <param name="Reason">Unspecified when none is given.</param>
public sealed record RevocationEntry(string CommonName, SerialNumber SerialNumber, RevocationReason Reason);
