using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Alternative names as a request gives them, beside those of the certificate.</summary>
internal static class SanForm
{
    private const string Dns = "DNS_NAME";

    private static readonly Dictionary<string, string> Kinds = new()
    {
        [Dns] = "dns", ["IP_ADDRESS"] = "ip", ["EMAIL_ADDRESS"] = "email", ["URL"] = "uri", ["DN"] = "dn",
    };

    /// <summary>Every single name that a request gives, with its type, whether valid or not.</summary>
    public static IReadOnlyList<(string Type, JsonNode? Value)> Given(JsonNode? sans) => sans switch
    {
        JsonArray list => [.. list.Select(Element)],
        JsonObject map => [.. map.SelectMany(member => (member.Value is JsonArray values ? values.AsEnumerable() : [member.Value])
            .Select(value => (member.Key.ToUpperInvariant(), value)))],
        JsonValue text when Text(text) is { Length: > 0 } => [(Dns, text)],
        _ => [],
    };

    /// <summary>The names in the certificate as a rejection lists them: type and text, as given.</summary>
    public static JsonArray InWords(ExpectedStep request)
    {
        JsonArray inCertificate = request.Extension("subjectAltName")?["value"]?.AsArray() ?? [];
        Queue<(string Type, JsonNode? Value)> given = new(Given(request.Input["sans"]));
        JsonArray words = [];
        foreach (JsonNode? name in inCertificate)
        {
            while (given.TryPeek(out (string Type, JsonNode? Value) next) && !IsSame(next.Type, Text(next.Value), name!))
            {
                given.Dequeue();
            }

            (string type, JsonNode? value) = given.TryDequeue(out (string Type, JsonNode? Value) found) ? found : (Dns, name![1]);
            words.Add(new JsonObject { ["type"] = type, ["value"] = value!.DeepClone() });
        }

        return words;
    }

    private static (string Type, JsonNode? Value) Element(JsonNode? element) => element is JsonObject typed
        ? ((typed.ContainsKey("type") ? Text(typed["type"]) : Dns).ToUpperInvariant(), typed["value"])
        : (Dns, element);

    private static bool IsSame(string type, string value, JsonNode name) =>
        Kinds.GetValueOrDefault(type) == name[0]!.GetValue<string>() && type switch
        {
            "DN" => value.Contains('=', StringComparison.Ordinal),
            "IP_ADDRESS" => IPAddress.TryParse(value, out IPAddress? given)
                && given.Equals(IPAddress.Parse(name[1]!.GetValue<string>())),
            _ => value == name[1]!.GetValue<string>(),
        };

    private static string Text(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";
}
