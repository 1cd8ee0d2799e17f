using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Settings;

/// <summary>Reads name constraints from an object with two lists of <c>TYPE:VALUE</c>.</summary>
internal sealed class NameConstraintsType : SettingType<NameConstraints>
{
    private const string Permitted = "permitted";
    private const string Excluded = "excluded";

    private static readonly string[] Members = [Permitted, Excluded];

    public override string Kind => "object of permitted, excluded: lists of DNS_NAME:HOST, IP_ADDRESS:NETWORK, EMAIL_ADDRESS:HOST";

    public override string TerraformType => "object";

    public override string Expected => """an object, such as {"permitted": ["DNS_NAME:example.com"], "excluded": ["IP_ADDRESS:0.0.0.0/0", "IP_ADDRESS:::/0"]}""";

    public override string ExpectedText => $"JSON: {Expected}";

    public override void Write(Utf8JsonWriter json, NameConstraints value)
    {
        json.WriteStartObject();
        foreach ((string key, IReadOnlyList<NameSubtree> subtrees) in ((string, IReadOnlyList<NameSubtree>)[])[(Permitted, value.Permitted), (Excluded, value.Excluded)])
        {
            if (subtrees.Count > 0)
            {
                json.WriteStartArray(key);
                foreach (NameSubtree subtree in subtrees)
                {
                    json.WriteStringValue(subtree.ToString());
                }

                json.WriteEndArray();
            }
        }

        json.WriteEndObject();
    }

    internal override JsonObject Schema()
    {
        JsonObject List() => JsonSchema.List(JsonSchema.Name("(?:DNS_NAME|IP_ADDRESS|EMAIL_ADDRESS):.+"));
        var members = new JsonObject
        {
            [Permitted] = JsonSchema.Described(JsonSchema.Any(List(), JsonSchema.Null()), "Of each kind that is listed, names must be within one."),
            [Excluded] = JsonSchema.Described(JsonSchema.Any(List(), JsonSchema.Null()), "No name may be within one."),
        };
        return JsonSchema.Any(JsonSchema.Object(members, required: [], remarks: false), JsonSchema.Null());
    }

    internal override bool TryRead(JsonElement json, SettingFaults faults, [NotNullWhen(true)] out NameConstraints? value)
    {
        value = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Report(SettingFault.NotObject);
            return false;
        }

        bool isGood = true;
        foreach (JsonProperty member in json.EnumerateObject().Where(member => !Members.Contains(member.Name)))
        {
            isGood = false;
            faults.Report(SettingFault.Unknown, member.Name, string.Join(", ", Members), member.Value);
        }

        IReadOnlyList<NameSubtree>? permitted = Read(json, Permitted, faults);
        IReadOnlyList<NameSubtree>? excluded = Read(json, Excluded, faults);
        value = isGood && permitted is not null && excluded is not null ? new NameConstraints(permitted, excluded) : null;
        return value is not null;
    }

    private static List<NameSubtree>? Read(JsonElement json, string key, SettingFaults faults)
    {
        var read = new List<NameSubtree>();
        if (!json.TryGetProperty(key, out JsonElement list) || list.ValueKind == JsonValueKind.Null)
        {
            return read;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            faults.Report(SettingFault.Unfit, key, "a list of texts", list);
            return null;
        }

        bool isGood = true;
        foreach (JsonElement element in list.EnumerateArray())
        {
            string? why = "must be a text";
            if (element.ValueKind == JsonValueKind.String && NameSubtree.TryParse(element.GetString()!, out NameSubtree? subtree, out why))
            {
                read.Add(subtree);
            }
            else
            {
                isGood = false;
                faults.Report(SettingFault.Unfit, key, $"a list in which each value fits: {Excerpt.Of(element.GetRawText())} {why}", element);
            }
        }

        return isGood ? read : null;
    }
}
