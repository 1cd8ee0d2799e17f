using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Names certificates and CRLs in the order in which they appear: <c>cert-1</c>, <c>crl-1</c> …</summary>
internal sealed partial class Labels
{
    private readonly Dictionary<string, Labelled<CertificateDer>> certificates = [];
    private readonly Dictionary<string, Labelled<CrlDer>> crls = [];
    private readonly Dictionary<string, string> bySerial = [];

    public IEnumerable<Labelled<CertificateDer>> Certificates => certificates.Values;

    public IEnumerable<Labelled<CrlDer>> Crls => crls.Values;

    /// <summary>Gets the step in which certificates and CRLs appear from now on.</summary>
    public StepMoment Now { get; set; }

    /// <summary>Returns the label of a certificate.</summary>
    /// <exception cref="DerException">The bytes are no certificate.</exception>
    public string Certificate(byte[] bytes)
    {
        string key = Convert.ToBase64String(bytes);
        if (!certificates.TryGetValue(key, out Labelled<CertificateDer>? found))
        {
            CertificateDer parsed = new(bytes);
            found = new(string.Create(CultureInfo.InvariantCulture, $"cert-{certificates.Count + 1}"), parsed, Now);
            certificates.Add(key, found);
            bySerial[parsed.Serial.ToString(CultureInfo.InvariantCulture)] = found.Label;
        }

        return found.Label;
    }

    /// <summary>Returns the label of a CRL.</summary>
    /// <exception cref="DerException">The bytes are no CRL.</exception>
    public string Crl(byte[] bytes)
    {
        string key = Convert.ToBase64String(bytes);
        if (!crls.TryGetValue(key, out Labelled<CrlDer>? found))
        {
            CrlDer parsed = new(bytes);
            found = new(string.Create(CultureInfo.InvariantCulture, $"crl-{crls.Count + 1}"), parsed, Now);
            crls.Add(key, found);
        }

        return found.Label;
    }

    /// <summary>Returns text with the serial numbers of known certificates replaced by <c>&lt;serial cert-n&gt;</c>.</summary>
    public string NameSerials(string text) => SerialLike.Replace(
        text, found => bySerial.TryGetValue(found.Value, out string? label) ? $"<serial {label}>" : found.Value);

    [GeneratedRegex(@"\d{20,}", RegexOptions.CultureInvariant)]
    private static partial Regex SerialLike { get; }
}

/// <summary>Is something that got a name when it first appeared.</summary>
internal sealed record Labelled<T>(string Label, T Value, StepMoment FirstSeen);

/// <summary>Makes one text for one JSON value, by which the results of an expiry run are sorted. It is the text that Python's
/// <c>json.dumps(value, sort_keys=True)</c> gives, as that is what sorted the expected results.</summary>
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
