using System.Text.Json;

namespace ServerlessCA.Core.Requests;

/// <summary>A custom extension, as it is requested; <see cref="ExtensionRules"/> decide about it. Immutable.</summary>
/// <param name="Oid">The extension's type, dotted.</param>
/// <param name="ValueBase64">The DER of its value, base64 without white space.</param>
/// <param name="IsCritical">Whether programs that do not know the extension must refuse the certificate.</param>
public sealed record RequestedExtension(string Oid, string ValueBase64, bool IsCritical = false)
{
    /// <summary>Says why the JSON has no OID, in a whole sentence; null when it has one.</summary>
    internal string? OidFault { get; init; }

    /// <summary>Says why the JSON has no value; follows the extension's name in a message. Null when it has one.</summary>
    internal string? ValueFault { get; init; }

    /// <summary>Says why the JSON does not say whether it is critical; follows the extension's name in a message. Null when it
    /// does.</summary>
    internal string? CriticalFault { get; init; }
}

/// <summary>Reads and writes <c>extensions</c>.</summary>
internal static class ExtensionReader
{
    /// <summary>Limits the extensions; our decision.</summary>
    public const int MaxExtensions = 100;

    public const string Oid = "oid";
    public const string Value = "value_b64";
    public const string Critical = "critical";

    /// <summary>Lists the keys of an extension.</summary>
    public static IReadOnlyCollection<string> Keys { get; } = [Oid, Value, Critical];

    public static IReadOnlyList<RequestedExtension> Read(FieldReader reader)
    {
        var read = new List<RequestedExtension>();
        foreach (JsonElement element in reader.List(RequestKeys.Extensions, MaxExtensions))
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                reader.Refuse(RequestKeys.Extensions, $"extensions must hold {{oid, value_b64, critical}}: it holds a {Excerpt.KindOf(element)}");
                return [];
            }

            read.Add(ReadOne(element));
        }

        return read;
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<RequestedExtension> extensions)
    {
        writer.WriteStartArray();
        foreach (RequestedExtension extension in extensions)
        {
            writer.WriteStartObject();
            writer.WriteString(Oid, extension.Oid);
            writer.WriteString(Value, extension.ValueBase64);
            writer.WriteBoolean(Critical, extension.IsCritical);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static RequestedExtension ReadOne(JsonElement element)
    {
        JsonElement? oid = Member(element, Oid);
        string text = oid switch
        {
            { ValueKind: JsonValueKind.String } => oid.Value.GetString()!,
            { ValueKind: JsonValueKind.Number } => oid.Value.GetRawText(),
            _ => "",
        };
        JsonElement? value = Member(element, Value);
        bool? critical = Member(element, Critical) is { } flag ? FieldReader.Flag(flag) : false;
        bool isText = value is { ValueKind: JsonValueKind.String };
        return new RequestedExtension(text, isText ? value!.Value.GetString()! : "", critical ?? false)
        {
            OidFault = text.Length > 0 ? null
                : oid is null or { ValueKind: JsonValueKind.String } ? "Custom extension is missing required field 'oid'"
                : $"Custom extension OID must be text, not a {Excerpt.KindOf(oid.Value)}",
            ValueFault = value is null ? $"is missing required field '{Value}'" : isText ? null : ExtensionRules.InvalidBase64,
            CriticalFault = critical is null ? "has a field 'critical' that is neither true nor false" : null,
        };
    }

    private static JsonElement? Member(JsonElement element, string key) =>
        element.TryGetProperty(key, out JsonElement member) && member.ValueKind != JsonValueKind.Null ? member : null;
}
