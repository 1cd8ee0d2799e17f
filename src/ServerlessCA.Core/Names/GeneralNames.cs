using System.Formats.Asn1;
using System.Text;

namespace ServerlessCA.Core.Names;

/// <summary>Reads GeneralNames (RFC 5280 §4.2.1.6) of certificates and requests that anyone may have made.</summary>
public static class GeneralNames
{
    private const int Email = 1;
    private const int Dns = 2;
    private const int Directory = 4;
    private const int Uri = 6;
    private const int Ip = 7;

    /// <summary>Reads the names of a SEQUENCE, each as <c>TYPE value</c>.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static IReadOnlyList<string> Read(AsnReader names)
    {
        var texts = new List<string>();
        while (names.HasData)
        {
            texts.Add(ReadOne(names));
        }

        return texts;
    }

    /// <summary>Reads the next name.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static string ReadOne(AsnReader names)
    {
        Asn1Tag tag = names.PeekTag();
        return (tag.TagClass, tag.TagValue) switch
        {
            (TagClass.ContextSpecific, Email) => $"EMAIL_ADDRESS {Text(names, tag)}",
            (TagClass.ContextSpecific, Dns) => $"DNS_NAME {Text(names, tag)}",
            (TagClass.ContextSpecific, Directory) => $"DN {Name(names.ReadSequence(tag).ReadEncodedValue())}",
            (TagClass.ContextSpecific, Uri) => $"URL {Text(names, tag)}",
            (TagClass.ContextSpecific, Ip) => $"IP_ADDRESS {Address(names.ReadOctetString(tag))}",
            _ => $"[{tag.TagValue}] {Convert.ToHexStringLower(names.ReadEncodedValue().Span)}",
        };
    }

    /// <summary>Returns a Name as RFC 4514 text; hexadecimal if the bytes are no Name.</summary>
    public static string Name(ReadOnlyMemory<byte> der) =>
        DistinguishedName.TryDecode(der, out DistinguishedName? name) ? name.ToString() : Convert.ToHexStringLower(der.Span);

    // Shows every octet as it is: IA5String allows ASCII only, and a violation should be visible.
    private static string Text(AsnReader names, Asn1Tag tag) => Encoding.Latin1.GetString(names.ReadOctetString(tag));

    private static string Address(byte[] octets) =>
        octets.Length is 4 or 16 ? IpAddressText.Of(octets) : Convert.ToHexStringLower(octets);
}

/// <summary>Writes the subject alternative name extension (RFC 5280 §4.2.1.6).</summary>
public static class SubjectAlternativeName
{
    /// <summary>Encodes the extension's value: DER GeneralNames, in the order given, duplicates included.</summary>
    /// <exception cref="ArgumentException">There are no names: the certificate then must not have the extension.</exception>
    public static byte[] Encode(IReadOnlyList<GeneralName> names)
    {
        if (names.Count == 0)
        {
            throw new ArgumentException("GeneralNames holds at least one name (RFC 5280 §4.2.1.6)", nameof(names));
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (GeneralName name in names)
            {
                name.Write(writer);
            }
        }

        return writer.Encode();
    }
}
