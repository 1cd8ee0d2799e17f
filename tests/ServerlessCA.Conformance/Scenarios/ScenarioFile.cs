using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Conformance.Scenarios;

/// <summary>Is a file of cases that share settings and certificate requests.</summary>
/// <param name="Theme">The subject of the cases.</param>
/// <param name="Csrs">PKCS #10 requests in PEM, by name.</param>
/// <param name="Cases">The cases in order.</param>
public sealed record ScenarioFile(string Theme, IReadOnlyDictionary<string, string> Csrs, IReadOnlyList<ScenarioCase> Cases)
{
    /// <summary>Reads a file's JSON.</summary>
    public static ScenarioFile Parse(JsonNode file)
    {
        JsonObject settings = file["settings"]?.AsObject() ?? [];
        return new ScenarioFile(
            file["theme"]?.GetValue<string>() ?? "",
            (file["csrs"]?.AsObject() ?? []).ToDictionary(csr => csr.Key, csr => csr.Value!.GetValue<string>()),
            [.. file["cases"]!.AsArray().Select(found => ScenarioCase.Parse(found!.AsObject(), settings))]);
    }
}

/// <summary>Is one case: empty stores, settings, steps.</summary>
/// <param name="Name">Such as <c>lifetime/zero</c>.</param>
/// <param name="Title">A sentence for people.</param>
/// <param name="Class"><c>plain</c>, <c>edge</c>, <c>bug</c> or <c>mixed</c>.</param>
/// <param name="Settings">The file's settings, with those of the case over them.</param>
/// <param name="Setup">Steps that run first and are not reported.</param>
/// <param name="Steps">The steps that count.</param>
public sealed record ScenarioCase(
    string Name, string Title, string Class, JsonObject Settings, IReadOnlyList<ScenarioStep> Setup, IReadOnlyList<ScenarioStep> Steps)
{
    private static readonly ScenarioStep[] BothCas = [new("create_root_ca", []), new("create_issuing_ca", [])];

    /// <summary>Reads a case's JSON.</summary>
    public static ScenarioCase Parse(JsonObject found, JsonObject fileSettings) => new(
        found["case"]!.GetValue<string>(),
        found["title"]?.GetValue<string>() ?? "",
        found["class"]?.GetValue<string>() ?? "",
        ScenarioSettings.Over(fileSettings, found["settings"]?.AsObject()),
        found["setup"] is JsonArray setup ? Parse(setup) : BothCas,
        Parse(found["steps"]!.AsArray()));

    private static ScenarioStep[] Parse(JsonArray steps) =>
        [.. steps.Select(step => new ScenarioStep(step!["op"]!.GetValue<string>(), step.AsObject()))];
}

/// <summary>Is one thing that is done in a case.</summary>
/// <param name="Op">The kind of step, such as <c>tls_cert</c> or <c>put_internal</c>.</param>
/// <param name="Fields">Everything that the file says of it, references not yet replaced.</param>
public sealed record ScenarioStep(string Op, JsonObject Fields)
{
    /// <summary>Gets the name of the result for later steps.</summary>
    public string? Id => Fields["id"]?.GetValue<string>();

    /// <summary>Says how often it is repeated; null: once, and the result has no turns.</summary>
    public int? Repeat => Fields["repeat"]?.GetValue<int>();

    /// <summary>Gets the settings for this step only.</summary>
    public JsonObject? Settings => Fields["settings"]?.AsObject();

    /// <summary>Gets the environment variables for this step only, named as the functions' are.</summary>
    public JsonObject? Environment => Fields["env"]?.AsObject();
}

/// <summary>Replaces <c>${ID.serial}</c> by serial numbers of certificates that earlier steps made.</summary>
public sealed partial class StepReferences
{
    private readonly Dictionary<string, string> serials = [];

    /// <summary>Remembers the certificate of a step, of one of its turns, or of a CA.</summary>
    public void Remember(string id, string serial) => serials[id] = serial;

    /// <summary>Returns a copy with every reference replaced. A reference to no known certificate stays as it is.</summary>
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

/// <summary>Reads JSON as scenarios have it: what a caller can send and .NET does not write, such as half a surrogate pair, must
/// reach the product all the same.</summary>
internal static class RawJson
{
    /// <summary>Says whether a text is Unicode.</summary>
    public static bool IsReadable(JsonValue text) => !text.TryGetValue(out JsonElement element) || JsonFaults.IsUnicode(element);

    /// <summary>Returns the JSON text, every value as it was written.</summary>
    public static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject map => $"{{{string.Join(',', map.Select(member => $"{JsonSerializer.Serialize(member.Key)}:{Text(member.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(Text))}]",
        JsonValue value when value.TryGetValue(out JsonElement element) => element.GetRawText(),
        _ => node.ToJsonString(),
    };
}
