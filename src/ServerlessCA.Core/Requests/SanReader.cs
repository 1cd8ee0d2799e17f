using System.Text.Json;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>Reads and writes <c>sans</c>; reads all forms: a name, a list of names or of <c>{type, value}</c>, or a map type →
/// value or values (contract section 5). Leaves out what is no name, with a warning (contract 12.8).</summary>
/// <param name="reader">Reads the request, and collects the warnings.</param>
/// <param name="singleLabels">Whether DNS names may have one label: <see cref="Settings.CaSettings.SingleLabelNames"/>.</param>
internal sealed class SanReader(FieldReader reader, bool singleLabels)
{
    /// <summary>Limits the names; our decision: the certificate's size ends it long before.</summary>
    public const int MaxNames = 5000;

    private const string DnsType = "DNS_NAME";

    /// <summary>Names the key of a name's kind.</summary>
    public const string Type = "type";

    /// <summary>Names the key of a name's text.</summary>
    public const string Value = "value";

    /// <summary>Lists the keys of a typed name.</summary>
    public static IReadOnlyCollection<string> Keys { get; } = [Type, Value];

    private readonly List<GeneralName> names = [];
    private bool given;
    private int octets; // of the directory names
    private bool isFull;

    /// <summary>Reads the names that were given; null when none were given at all, so that the common name stands in.</summary>
    public IReadOnlyList<GeneralName>? Read()
    {
        if (reader.Value(RequestKeys.Sans) is { } sans)
        {
            ReadValue(sans);
        }

        return given ? names : null;
    }

    /// <summary>Returns what stands in where no names were given: the common name, if it is a domain.</summary>
    /// <param name="commonName">The common name; null when it is unknown.</param>
    /// <param name="singleLabels">Whether one label makes a domain. A client's name, such as <c>alice</c>, is none.</param>
    public static IReadOnlyList<GeneralName> Default(string? commonName, bool singleLabels) =>
        commonName is not null && DnsName.TryParse(commonName, singleLabels, out DnsName? domain) && !domain.IsWildcard
        && GeneralName.TryParse(DnsType, commonName, out GeneralName? name, out _, singleLabels) ? [name] : [];

    /// <summary>Writes names as people do: if all are DNS names, as texts.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<GeneralName> names)
    {
        bool areTexts = names.All(name => name.Type == DnsType);
        writer.WriteStartArray();
        foreach (GeneralName name in names)
        {
            if (areTexts)
            {
                writer.WriteStringValue(name.Text);
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString(Type, name.Type);
            writer.WriteString(Value, name.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void ReadValue(JsonElement sans)
    {
        switch (sans.ValueKind)
        {
            case JsonValueKind.String when sans.ValueEquals(""):
                break; // an empty text alone counts as absent
            case JsonValueKind.String:
                AddGiven(DnsType, sans.GetString()!);
                break;
            case JsonValueKind.Array:
                ReadList(sans);
                break;
            case JsonValueKind.Object when sans.TryGetProperty(Value, out _):
                ReadTyped(sans);
                break;
            case JsonValueKind.Object:
                ReadMap(sans);
                break;
            default:
                reader.Refuse(RequestKeys.Sans, "sans must be a name, a list of names, or a map from type to names");
                break;
        }
    }

    private void ReadList(JsonElement list)
    {
        foreach (JsonElement element in reader.List(RequestKeys.Sans, MaxNames).TakeWhile(_ => !isFull))
        {
            given = true;
            if (element.ValueKind == JsonValueKind.Object)
            {
                ReadTyped(element);
            }
            else
            {
                ReadValues(DnsType, element, listAllowed: false);
            }
        }
    }

    private void ReadTyped(JsonElement typed)
    {
        given = true;
        bool hasType = typed.TryGetProperty(Type, out JsonElement type) && type.ValueKind != JsonValueKind.Null;
        if (hasType && type.ValueKind != JsonValueKind.String)
        {
            LeaveOut(() => $"a name of type {Excerpt.KindOf(type)}", "type must be text");
            return;
        }

        if (!typed.TryGetProperty(Value, out JsonElement value))
        {
            LeaveOut(() => "a name without value", "give {type, value}");
            return;
        }

        ReadValues(hasType ? type.GetString()! : DnsType, value, listAllowed: true);
    }

    private void ReadMap(JsonElement map)
    {
        int count = map.GetPropertyCount();
        if (count > MaxNames)
        {
            reader.Refuse(RequestKeys.Sans, $"sans has {count} types: at most {MaxNames} are accepted");
            return;
        }

        var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty member in map.EnumerateObject())
        {
            members[member.Name] = member.Value; // the last of equal keys counts, as everywhere
        }

        foreach ((string type, JsonElement values) in members.TakeWhile(_ => !isFull))
        {
            if (values.ValueKind != JsonValueKind.Null && !RequestKeyFault.IsRemark(type))
            {
                ReadValues(type, values, listAllowed: true);
            }
        }
    }

    private void ReadValues(string type, JsonElement value, bool listAllowed)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            AddGiven(type, value.GetString()!);
        }
        else if (value.ValueKind == JsonValueKind.Array && listAllowed)
        {
            foreach (JsonElement element in value.EnumerateArray().TakeWhile(_ => !isFull))
            {
                ReadValues(type, element, listAllowed: false);
            }
        }
        else
        {
            given = true;
            LeaveOut(() => $"a {Excerpt.KindOf(value)}", "names are text");
        }
    }

    private void AddGiven(string type, string text)
    {
        if (text.Length == 0)
        {
            LeaveOut(() => "an empty text", "it is no name");
        }
        else
        {
            given = true;
            Add(type, text);
        }
    }

    private void Add(string type, string text)
    {
        if (names.Count == MaxNames || octets > CertificateSize.MaxOctets)
        {
            RefuseMore();
        }
        else if (!GeneralName.IsKnownType(type))
        {
            LeaveOut(() => $"'{Excerpt.Of(text)}'", $"type '{Excerpt.Of(type)}' is unknown");
        }
        else if (GeneralName.TryParse(type, text, out GeneralName? name, out string? why, singleLabels))
        {
            names.Add(name);
            octets += name is DirectoryGeneralName directory ? directory.Name.Der.Length : 0;
            if (name is DirectoryGeneralName { Ignored: { Count: > 0 } ignored })
            {
                LeaveOut(() => $"{Excerpt.Of(string.Join(", ", ignored))} of DN '{Excerpt.Of(text)}'", "unknown attributes");
            }
        }
        else
        {
            LeaveOut(() => $"{type.ToUpperInvariant()} '{Excerpt.Of(text)}'", why);
        }
    }

    // What follows is not read: it would make no other message.
    private void RefuseMore()
    {
        isFull = true;
        reader.Refuse(RequestKeys.Sans, names.Count == MaxNames
            ? $"sans has more than {MaxNames} names"
            : $"sans has directory names of more than {CertificateSize.MaxOctets} bytes: no certificate has room for them");
    }

    private void LeaveOut(Func<string> what, string why) => reader.LeaveOut(RequestKeys.Sans, what, why);
}
