using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Core.Settings;

/// <summary>Reads subject and lifetime of a CA from an object. The values are checked when a CA is created
/// (<see cref="CaInfoCheck"/>): a CA that exists goes on with what it has (contract 12.30).</summary>
/// <param name="usualLifetime">Days that count where none are set, or 0, as in the original.</param>
internal sealed class CaInfoType(int usualLifetime) : SettingType<CaInfo>
{
    private const string CommonName = "commonName";
    private const string Lifetime = "lifetime";
    private const string PathLength = "pathLengthConstraint";
    private const int MaxPathLength = 255; // our decision: nobody nests deeper

    private static readonly string[] Members =
        [CommonName, "country", "state", "locality", "organization", "organizationalUnit", "emailAddress", Lifetime, PathLength];

    public override string Kind => $"object of {string.Join(", ", Members)}";

    public override string TerraformType => "object";

    public override string Expected => "an object, such as { … }";

    public override string ExpectedText => """a JSON object such as {"commonName": "My CA", "country": "GB", "lifetime": 3650}""";

    public override void Write(Utf8JsonWriter json, CaInfo value)
    {
        json.WriteStartObject();
        foreach (string member in Members[..^2])
        {
            json.WriteString(member, value.Attributes.FirstOrDefault(attribute => attribute.Key == member).Value);
        }

        json.WriteNumber(Lifetime, value.Lifetime);
        json.WritePropertyName(PathLength);
        if (value.PathLengthConstraint is { } length)
        {
            json.WriteNumberValue(length);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    internal override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (string member in Members)
        {
            properties[member] = member switch
            {
                CommonName => JsonSchema.Described(JsonSchema.Name(), "The common name of the CA's subject."),
                Lifetime => JsonSchema.Described(JsonSchema.Whole(0, SettingsSchema.MaxLifetime), $"How long the CA lives, in days. Without it, or with 0: {usualLifetime}."),
                PathLength => JsonSchema.Described(JsonSchema.Whole(0, MaxPathLength), "How many CA certificates may follow below this one; null: no limit."),
                _ => JsonSchema.Described(JsonSchema.Text(), $"The attribute {member} of the CA's subject."),
            };
        }

        return JsonSchema.Any(JsonSchema.Object(properties, [CommonName], remarks: false), JsonSchema.Null());
    }

    internal override bool TryRead(JsonElement json, SettingFaults faults, out CaInfo value)
    {
        value = new CaInfo { CommonName = "", Lifetime = usualLifetime };
        if (json.ValueKind != JsonValueKind.Object)
        {
            faults.Report(SettingFault.NotObject);
            return false;
        }

        foreach (JsonProperty member in json.EnumerateObject().Where(member => !Members.Contains(member.Name)))
        {
            faults.Report(SettingFault.Unknown, member.Name, string.Join(", ", Members), member.Value);
        }

        int? lifetime = Number(json, faults, Lifetime, SettingsSchema.MaxLifetime);
        value = new CaInfo
        {
            CommonName = Text(json, faults, CommonName) ?? "",
            Country = Text(json, faults, "country"),
            State = Text(json, faults, "state"),
            Locality = Text(json, faults, "locality"),
            Organization = Text(json, faults, "organization"),
            OrganizationalUnit = Text(json, faults, "organizationalUnit"),
            EmailAddress = Text(json, faults, "emailAddress"),
            Lifetime = lifetime is > 0 ? lifetime.Value : usualLifetime,
            PathLengthConstraint = Number(json, faults, PathLength, MaxPathLength),
        };
        if (value.CommonName.Length == 0)
        {
            faults.Report(SettingFault.Missing, CommonName, "the common name of the CA's subject", Find(json, CommonName));
        }

        return true;
    }

    private static JsonElement? Find(JsonElement json, string key) =>
        json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement json, SettingFaults faults, string key)
    {
        if (Find(json, key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            faults.Report(SettingFault.NotText, key, "a text", value);
            return null;
        }

        return value.GetString() is { Length: > 0 } text ? text : null;
    }

    private static int? Number(JsonElement json, SettingFaults faults, string key, int greatest)
    {
        if (Find(json, key) is not { } value)
        {
            return null;
        }

        if (NumberType.TryRead(value, 0, greatest, out int number))
        {
            return number;
        }

        faults.Report(SettingFault.Unfit, key, string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {greatest}"), value);
        return null;
    }

    /// <summary>Reads the lifetime alone, for a function that only warns by it. The function that creates the CA reports what
    /// else is wrong: that must not stop a CRL from being published.</summary>
    internal sealed class LifetimeAlone(int usual) : SettingType<int>
    {
        public override string Kind => $"object; its {Lifetime} alone counts, and the default if that does not do";

        public override string TerraformType => "object";

        public override string Expected => $"an object with {Lifetime}";

        internal override JsonObject Schema() => new() { ["type"] = "object" };

        public override void Write(Utf8JsonWriter json, int value) => json.WriteNumberValue(value);

        internal override bool TryRead(JsonElement json, SettingFaults faults, out int value)
        {
            value = usual;
            return json.ValueKind == JsonValueKind.Object && Find(json, Lifetime) is { } days
                && NumberType.TryRead(days, 1, SettingsSchema.MaxLifetime, out value);
        }

        internal override bool TryReadText(string text, SettingFaults faults, out int value)
        {
            value = usual;
            try
            {
                using JsonDocument document = JsonDocument.Parse(text);
                return TryRead(document.RootElement, faults, out value);
            }
            catch (Exception fault) when (fault is JsonException or InvalidOperationException)
            {
                return false;
            }
        }
    }
}
