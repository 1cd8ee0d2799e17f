using System.Text.Json;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Local.Delivery.Targets;

/// <summary>An event as text for people: a line for each thing it tells, without certificate and CSR.</summary>
internal static class EventText
{
    private const int MaxLine = 2000; // characters; our decision
    private const int MaxLines = 100;
    private const int MaxDepth = 8;

    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["CommonName"] = "Common name",
        ["SerialNumber"] = "Serial number",
        ["DaysRemaining"] = "Days remaining",
        ["Lifetime"] = "Lifetime (days)",
        ["SANs"] = "Subject alternative names",
    };

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(JsonElement message) => JsonFaults.IsUnicode(message)
        ? Members(message, depth: 0).Select(member => OneLine.Of($"{member.Label}: {member.Value}", MaxLine)).Take(MaxLines)
        : ["The message cannot be shown: it is not well-formed Unicode."];

    /// <summary>The name that the event is about; null when it tells none.</summary>
    public static string? CommonName(JsonElement message) => JsonFaults.IsUnicode(message)
        ? Members(message, depth: 0).FirstOrDefault(member => member.Label == Labels["CommonName"]).Value
        : null;

    // Objects such as CertificateInfo only group: what is in them stands in line with the rest.
    private static IEnumerable<(string Label, string Value)> Members(JsonElement json, int depth) =>
        json.ValueKind != JsonValueKind.Object || depth == MaxDepth ? [] : json.EnumerateObject()
            .Where(member => !member.Name.StartsWith("Base64", StringComparison.Ordinal))
            .SelectMany(member => member.Value.ValueKind == JsonValueKind.Object
                ? Members(member.Value, depth + 1)
                : [(Labels.GetValueOrDefault(member.Name, member.Name), Text(member.Value))])
            .Where(member => member.Item2.Length > 0);

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(ElementText)),
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    // Alternative names are {type, value}.
    private static string ElementText(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Object when element.TryGetProperty("value", out JsonElement value) && value.ValueKind == JsonValueKind.String => value.GetString()!,
        _ => element.GetRawText(),
    };
}
