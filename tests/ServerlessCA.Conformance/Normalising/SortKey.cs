using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>One text for one JSON value, by which the results of an expiry run are sorted. It is the text that
/// Python's <c>json.dumps(value, sort_keys=True)</c> gives, as that is what sorted the expected results.</summary>
internal static class SortKey
{
    public static string Of(JsonNode? value)
    {
        StringBuilder text = new();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                AppendMany(text, '{', members.OrderBy(member => member.Key, StringComparer.Ordinal), '}', member =>
                {
                    AppendString(text, member.Key);
                    text.Append(": ");
                    Append(text, member.Value);
                });
                break;
            case JsonArray items:
                AppendMany(text, '[', items, ']', item => Append(text, item));
                break;
            case JsonValue leaf when leaf.GetValueKind() == JsonValueKind.String:
                AppendString(text, leaf.GetValue<string>());
                break;
            default:
                text.Append(value?.ToJsonString() ?? "null");
                break;
        }
    }

    private static void AppendMany<T>(StringBuilder text, char open, IEnumerable<T> parts, char close, Action<T> append)
    {
        text.Append(open);
        bool first = true;
        foreach (T part in parts)
        {
            text.Append(first ? "" : ", ");
            append(part);
            first = false;
        }

        text.Append(close);
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                >= ' ' and <= '~' => c.ToString(),
                _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
            });
        }

        text.Append('"');
    }
}
