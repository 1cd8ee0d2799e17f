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
        if (!TryParse(text, out JsonArray? list, out why))
        {
            return false;
        }

        JsonObject[] related = [.. list.OfType<JsonObject>().Where(listed => IsNamedAs(listed, entry) || HasFileOf(listed, entry))];
        if (related.Length > 0)
        {
            why = WhyNot(related, entry);
            edited = why is null ? text : null;
            return why is null;
        }

        string added = ListText.Add(text, entry);
        bool isRight = TryParse(added, out JsonArray? after, out _) && after.Count == list.Count + 1
            && list.Zip(after).All(pair => JsonNode.DeepEquals(pair.First, pair.Second)) && JsonNode.DeepEquals(after[^1], entry);
        why = isRight ? null : "is laid out in a way that an entry cannot be put into: add it by hand";
        edited = isRight ? added : null;
        return isRight;
    }

    private static string? WhyNot(JsonObject[] related, JsonObject entry)
    {
        string name = Text(entry, RequestKeys.CommonName)!;
        string file = Text(entry, RequestKeys.CsrFile)!;
        if (related.FirstOrDefault(listed => !HasFileOf(listed, entry)) is { } elsewhere)
        {
            return $"has an entry for '{name}' already, whose CSR is '{Text(elsewhere, RequestKeys.CsrFile)}'";
        }

        if (related.FirstOrDefault(listed => !IsNamedAs(listed, entry)) is { } other)
        {
            return $"has an entry for '{Text(other, RequestKeys.CommonName)}' already whose CSR is '{file}'";
        }

        // Otherwise what was requested now and is not in the entry would be lost silently.
        string? key = entry.Select(member => member.Key).FirstOrDefault(
            key => related.Any(listed => key != RequestKeys.CommonName && !JsonNode.DeepEquals(listed[key], entry[key])));
        return key is null ? null : $"has an entry for '{name}' already with {(related[0][key] is null ? "no" : "other")} {key}";
    }

    private static bool TryParse(string text, [NotNullWhen(true)] out JsonArray? list, [NotNullWhen(false)] out string? why)
    {
        why = !ListText.TryParse(text, out JsonElement json, out ListFault? fault) ? WhyNot(fault)
            : HasKeyTwice(json) ? "has an entry with a key given twice"
            : null;
        list = why is null ? JsonArray.Create(json) : null;
        return list is not null && why is null;
    }

    private static string WhyNot(ListFault fault) => fault switch
    {
        ListFault.NoJson broken => $"is not JSON: {broken.Place}",
        ListFault.HalfCharacter => @"has half a character, such as \ud800",
        _ => "does not hold a JSON list",
    };

    private static bool HasKeyTwice(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().Any(HasKeyTwice),
        JsonValueKind.Object => json.EnumerateObject().CountBy(member => member.Name).Any(name => name.Value > 1)
            || json.EnumerateObject().Any(member => HasKeyTwice(member.Value)),
        _ => false,
    };

    private static bool IsNamedAs(JsonObject listed, JsonObject entry) =>
        Text(listed, RequestKeys.CommonName) is { Length: > 0 } name
            ? FoldedName.OfSpelling(name) == FoldedName.OfSpelling(Text(entry, RequestKeys.CommonName)!)
            : HasFileOf(listed, entry); // the name is that of the CSR (contract 12.25)

    private static bool HasFileOf(JsonObject listed, JsonObject entry) =>
        Text(listed, RequestKeys.CsrFile) == Text(entry, RequestKeys.CsrFile);

    private static string? Text(JsonObject entry, string key) =>
        entry[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
