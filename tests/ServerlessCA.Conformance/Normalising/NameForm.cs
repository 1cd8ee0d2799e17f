using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Describes distinguished names: [oid, string type, value] in order; a relative name with several
/// attributes is a list of those.</summary>
internal static class NameForm
{
    private static readonly Dictionary<int, string> StringTypes = new()
    {
        [12] = "UTF8String", [18] = "NumericString", [19] = "PrintableString", [20] = "T61String", [22] = "IA5String",
        [26] = "VisibleString", [28] = "UniversalString", [30] = "BMPString",
    };

    public static JsonArray Of(DerNode name)
    {
        JsonArray form = [];
        foreach (DerNode relativeName in name.Children)
        {
            JsonNode[] attributes = [.. relativeName.Children.Select(Attribute)];
            form.Add(attributes.Length == 1 ? attributes[0] : new JsonArray(attributes));
        }

        return form;
    }

    /// <summary>Returns ASCII text, or the octets in hex when they are not ASCII.</summary>
    public static string Ascii(ReadOnlyMemory<byte> octets) => Text(octets, Strict("us-ascii"));

    private static JsonNode Attribute(DerNode attribute)
    {
        if (attribute.Children.Count != 2)
        {
            throw new DerException("an attribute has a type and a value");
        }

        DerNode value = attribute.Child(1);
        string type = StringTypes.GetValueOrDefault(value.Tag, $"tag{value.Tag}");
        return new JsonArray(attribute.Child(0).Oid(), type, Text(value.Content, EncodingOf(value.Tag)));
    }

    private static Encoding EncodingOf(int tag) => tag switch
    {
        12 => Strict("utf-8"),
        20 => Encoding.Latin1,
        28 => Strict("utf-32BE"),
        30 => Strict("utf-16BE"),
        _ => Strict("us-ascii"),
    };

    private static Encoding Strict(string name) =>
        Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    private static string Text(ReadOnlyMemory<byte> octets, Encoding encoding)
    {
        try
        {
            return encoding.GetString(octets.Span);
        }
        catch (DecoderFallbackException)
        {
            return "hex:" + Convert.ToHexStringLower(octets.Span);
        }
    }
}

/// <summary>Describes GeneralNames (RFC 5280 §4.2.1.6) as [kind, value].</summary>
internal static class GeneralNameForm
{
    public static JsonArray ListOf(DerNode names) => [.. names.Children.Select(Of)];

    public static JsonNode Of(DerNode name) => name.Tag switch
    {
        0 => Pair("otherName", Hex(name.Raw)),
        1 => Pair("email", NameForm.Ascii(name.Content)),
        2 => Pair("dns", NameForm.Ascii(name.Content)),
        4 => Pair("dn", NameForm.Of(name.Child(0))),
        6 => Pair("uri", NameForm.Ascii(name.Content)),
        7 => Pair("ip", Address(name.Content.Span)),
        8 => Pair("rid", name.Oid()),
        int other => Pair($"[{other}]", Hex(name.Raw)),
    };

    private static JsonArray Pair(string kind, JsonNode value) => [kind, value];

    private static string Hex(ReadOnlyMemory<byte> octets) => Convert.ToHexStringLower(octets.Span);

    // Eight groups of hex without any shortening, so that every address has one form.
    private static string Address(ReadOnlySpan<byte> octets)
    {
        switch (octets.Length)
        {
            case 4:
                return string.Join('.', octets.ToArray());
            case 16:
                string[] groups = new string[8];
                for (int group = 0; group < groups.Length; group++)
                {
                    ushort value = BinaryPrimitives.ReadUInt16BigEndian(octets[(2 * group)..]);
                    groups[group] = value.ToString("x", CultureInfo.InvariantCulture);
                }

                return string.Join(':', groups);
            default:
                return "hex:" + Convert.ToHexStringLower(octets);
        }
    }
}
