using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessCA.Conformance.Scenarios;

/// <summary>Replaces <c>${ID.serial}</c> by serial numbers of certificates that earlier steps made.</summary>
public sealed partial class StepReferences
{
    private readonly Dictionary<string, string> serials = [];

    /// <summary>Remembers the certificate of a step, of one of its turns, or of a CA.</summary>
    public void Remember(string id, string serial) => serials[id] = serial;

    /// <summary>A copy with every reference replaced. One that nobody made a certificate for stays as it is.</summary>
    public JsonNode? Replace(JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                return new JsonObject(members.Select(member => KeyValuePair.Create(Replace(member.Key), Replace(member.Value))));
            case JsonArray items:
                return new JsonArray([.. items.Select(Replace)]);
            case JsonValue text when text.GetValueKind() == JsonValueKind.String && RawJson.IsReadable(text):
                return Replace(text.GetValue<string>());
            default:
                return value?.DeepClone();
        }
    }

    private string Replace(string text) => Reference.Replace(
        text, found => serials.GetValueOrDefault(found.Groups["id"].Value, found.Value));

    [GeneratedRegex(@"\$\{(?<id>[^}]*)\.serial\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference { get; }
}
