using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

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
