using System.Text.Json;

namespace ServerlessCA.Core.Requests;

/// <summary>Reads the fields of a request by type and notes what is wrong with them, field by field.
/// null counts as absent everywhere.</summary>
internal sealed class FieldReader(JsonElement json)
{
    private readonly List<Rejection> faults = [];
    private readonly Warnings warnings = new();

    /// <summary>What was wrong, in the order it was met.</summary>
    public IReadOnlyList<Rejection> Faults => faults;

    /// <summary>What was left out of an otherwise good request (contract 12.8, 12.24).</summary>
    public Warnings Warnings => warnings;

    /// <summary>Notes a fault; the same fault of many elements is told once.</summary>
    public void Refuse(string field, string message)
    {
        Rejection fault = Rejection.Malformed(field, message);
        if (!faults.Contains(fault))
        {
            faults.Add(fault);
        }
    }

    public void LeaveOut(string field, Func<string> what, string why) => warnings.Add(() => $"{field}: {what()} was left out: {why}");

    /// <summary>Notes what has no effect.</summary>
    public void Ignore(string warning) => warnings.Add(() => warning);

    /// <summary>Notes the keys that have no effect.</summary>
    public IReadOnlyList<RequestKeyFault> CheckKeys()
    {
        RequestKeyFault[] keys = [.. RequestKeyFault.Of(json)];
        foreach (RequestKeyFault fault in keys)
        {
            warnings.Add(() => fault.Warning);
        }

        return keys;
    }

    /// <summary>The value, or null when absent or JSON null.</summary>
    public JsonElement? Value(string key) =>
        json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text of at most <paramref name="maxLength"/> UTF-16 units.</summary>
    public string? Text(string key, int maxLength)
    {
        JsonElement? value = Value(key);
        if (value is not { ValueKind: JsonValueKind.String })
        {
            if (value is not null)
            {
                Refuse(key, $"{key} must be text");
            }

            return null;
        }

        string text = value.Value.GetString()!;
        if (text.Length <= maxLength)
        {
            return text;
        }

        Refuse(key, $"{key} has {text.Length} characters: at most {maxLength} are accepted");
        return null;
    }

    /// <summary>A boolean; the texts "true" and "false" count as such (contract 12.2).</summary>
    public bool? Flag(string key)
    {
        JsonElement? value = Value(key);
        bool? flag = value is null ? null : Flag(value.Value);
        if (value is not null && flag is null)
        {
            Refuse(key, $"{key} must be true or false");
        }

        return flag;
    }

    /// <summary>The same of a value that is no field of the request itself.</summary>
    public static bool? Flag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when value.ValueEquals("true"u8) => true,
        JsonValueKind.String when value.ValueEquals("false"u8) => false,
        _ => null,
    };

    /// <summary>The elements of a list, at most <paramref name="maxCount"/>; absent is empty.</summary>
    /// <param name="key">Of the field.</param>
    /// <param name="maxCount">More are refused.</param>
    /// <param name="oneText">Whether a text alone is a list of it (contract section 5).</param>
    public IReadOnlyList<JsonElement> List(string key, int maxCount, bool oneText = false)
    {
        JsonElement? value = Value(key);
        if (value is null)
        {
            return [];
        }

        if (oneText && value.Value.ValueKind == JsonValueKind.String)
        {
            return [value.Value];
        }

        if (value.Value.ValueKind != JsonValueKind.Array)
        {
            Refuse(key, $"{key} must be a list");
            return [];
        }

        int count = value.Value.GetArrayLength();
        if (count <= maxCount)
        {
            return [.. value.Value.EnumerateArray()];
        }

        Refuse(key, $"{key} has {count} elements: at most {maxCount} are accepted");
        return [];
    }
}
