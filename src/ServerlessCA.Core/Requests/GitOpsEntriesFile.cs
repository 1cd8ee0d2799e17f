using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Edits the text of <c>tls.json</c> for people who request by pull request: adds one entry in the layout of the
/// others, and leaves everything else as it was.</summary>
public static class GitOpsEntriesFile
{
    /// <summary>Adds an entry.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="entry">The entry; it has a <c>common_name</c> and a <c>csr_file</c>.</param>
    /// <param name="edited">The new text; the given one when it has the entry already; null when it cannot be added.</param>
    /// <param name="why">Why the entry cannot be added; follows the file's name in a message.</param>
    public static bool TryAdd(
        string text, JsonObject entry, [NotNullWhen(true)] out string? edited, [NotNullWhen(false)] out string? why)
    {
        edited = null;
        if (!TryParse(text, out JsonElement list, out why))
        {
            return false;
        }

        JsonElement added = ElementOf(entry);
        var wanted = new Wanted(added);
        JsonElement[] related =
        [
            .. list.EnumerateArray().Where(listed => listed.ValueKind == JsonValueKind.Object && (wanted.IsNameOf(listed) || wanted.IsFileOf(listed))),
        ];
        if (related.Length > 0)
        {
            why = WhyNot(related, wanted);
            edited = why is null ? text : null;
            return why is null;
        }

        string after = ListText.Add(text, entry);
        why = Holds(after, list, added) ? null : "is laid out in a way that an entry cannot be put into: add it by hand";
        edited = why is null ? after : null;
        return why is null;
    }

    // Says whether a text has the elements of a list and one more.
    private static bool Holds(string text, JsonElement list, JsonElement added)
    {
        if (!ListText.TryParse(text, out JsonElement after, out _) || after.GetArrayLength() != list.GetArrayLength() + 1)
        {
            return false;
        }

        JsonElement.ArrayEnumerator elements = after.EnumerateArray();
        foreach (JsonElement listed in list.EnumerateArray())
        {
            elements.MoveNext();
            if (!JsonElement.DeepEquals(listed, elements.Current))
            {
                return false;
            }
        }

        return elements.MoveNext() && JsonElement.DeepEquals(elements.Current, added);
    }

    private static string? WhyNot(JsonElement[] related, Wanted wanted)
    {
        if (related.FirstOrDefault(listed => !wanted.IsFileOf(listed)) is { ValueKind: JsonValueKind.Object } elsewhere)
        {
            return $"has an entry for '{wanted.Name}' already, whose CSR is '{Text(elsewhere, RequestKeys.CsrFile)}'";
        }

        if (related.FirstOrDefault(listed => !wanted.IsNameOf(listed)) is { ValueKind: JsonValueKind.Object } other)
        {
            return $"has an entry for '{Text(other, RequestKeys.CommonName)}' already whose CSR is '{wanted.File}'";
        }

        // Otherwise what was requested now and is not in the entry would be lost silently.
        string? key = wanted.Entry.EnumerateObject().Select(member => member.Name).FirstOrDefault(
            key => related.Any(listed => key != RequestKeys.CommonName && !AreEqual(Member(listed, key), Member(wanted.Entry, key))));
        return key is null ? null : $"has an entry for '{wanted.Name}' already with {(Member(related[0], key) is null ? "no" : "other")} {key}";
    }

    private static bool TryParse(string text, out JsonElement list, [NotNullWhen(false)] out string? why)
    {
        why = !ListText.TryParse(text, out list, out ListFault? fault) ? WhyNot(fault)
            : HasKeyTwice(list) ? "has an entry with a key given twice"
            : null;
        return why is null;
    }

    private static string WhyNot(ListFault fault) => fault switch
    {
        ListFault.NoJson broken => $"is not JSON: {broken.Place}",
        ListFault.HalfCharacter => @"has half a character, such as \ud800",
        _ => "does not hold a JSON list",
    };

    private static bool HasKeyTwice(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.GetArrayLength() > 0 && json.EnumerateArray().Any(HasKeyTwice),
        JsonValueKind.Object => json.GetPropertyCount() > 0 && HasMemberTwice(json),
        _ => false,
    };

    private static bool HasMemberTwice(JsonElement json)
    {
        HashSet<string>? names = json.GetPropertyCount() > 1 ? new(StringComparer.Ordinal) : null;
        foreach (JsonProperty member in json.EnumerateObject())
        {
            if (names?.Add(member.Name) == false || HasKeyTwice(member.Value))
            {
                return true;
            }
        }

        return false;
    }

    private static JsonElement ElementOf(JsonObject entry)
    {
        using JsonDocument document = JsonDocument.Parse(entry.ToJsonString());
        return document.RootElement.Clone();
    }

    private static bool AreEqual(JsonElement? one, JsonElement? other) =>
        one is { } first && other is { } second ? JsonElement.DeepEquals(first, second) : one is null && other is null;

    // JSON null counts as absent.
    private static JsonElement? Member(JsonElement json, string key) =>
        json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement json, string key) => Member(json, key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The entry that is added, as others are compared with it.</summary>
    /// <param name="entry">It has a <c>common_name</c> and a <c>csr_file</c>.</param>
    private sealed class Wanted(JsonElement entry)
    {
        private readonly FoldedName folded = FoldedName.OfSpelling(Text(entry, RequestKeys.CommonName)!);

        public JsonElement Entry => entry;

        public string Name { get; } = Text(entry, RequestKeys.CommonName)!;

        public string File { get; } = Text(entry, RequestKeys.CsrFile)!;

        public bool IsNameOf(JsonElement listed) => Text(listed, RequestKeys.CommonName) is { Length: > 0 } name
            ? FoldedName.OfSpelling(name) == folded
            : IsFileOf(listed); // the name is that of the CSR (contract 12.25)

        public bool IsFileOf(JsonElement listed) =>
            Member(listed, RequestKeys.CsrFile) is { ValueKind: JsonValueKind.String } file && file.ValueEquals(File);
    }
}
