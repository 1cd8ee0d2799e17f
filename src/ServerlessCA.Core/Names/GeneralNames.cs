using System.Formats.Asn1;
using System.Text;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Names;

/// <summary>Reads GeneralNames (RFC 5280 §4.2.1.6) of certificates and requests that anyone may have made.</summary>
public static class GeneralNames
{
    private const int Email = 1;
    private const int Dns = 2;
    private const int Directory = 4;
    private const int Uri = 6;
    private const int Ip = 7;

    /// <summary>Reads the value of the extension subject alternative name.</summary>
    /// <param name="extension">DER.</param>
    /// <param name="names">The names, in order; none when they cannot be read.</param>
    /// <returns>Whether they can be read.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> extension, out IReadOnlyList<AlternativeName> names)
    {
        try
        {
            names = ReadAll(new AsnReader(extension, AsnEncodingRules.DER).ReadSequence());
            return true;
        }
        catch (AsnContentException)
        {
            names = [];
            return false;
        }
    }

    /// <summary>Returns names as a certificate with them will show them.</summary>
    internal static IReadOnlyList<AlternativeName> AsWritten(IReadOnlyList<GeneralName> names) => names.Count == 0 ? []
        : TryRead(SubjectAlternativeName.Encode(names), out IReadOnlyList<AlternativeName> read) ? read
        : throw new InvalidOperationException("names that were written cannot be read");

    /// <summary>Reads the names of a SEQUENCE, each as <c>TYPE value</c>.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static IReadOnlyList<string> Read(AsnReader names) => [.. ReadAll(names).Select(name => name.ToString())];

    /// <summary>Reads the next name, as <c>TYPE value</c>.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static string ReadOne(AsnReader names) => ReadNext(names).ToString();

    private static List<AlternativeName> ReadAll(AsnReader names)
    {
        var read = new List<AlternativeName>();
        while (names.HasData)
        {
            read.Add(ReadNext(names));
        }

        return read;
    }

    private static AlternativeName ReadNext(AsnReader names)
    {
        Asn1Tag tag = names.PeekTag();
        return (tag.TagClass, tag.TagValue) switch
        {
            (TagClass.ContextSpecific, Email) => new(EmailGeneralName.TypeName, Text(names, tag)),
            (TagClass.ContextSpecific, Dns) => new(DnsGeneralName.TypeName, Text(names, tag)),
            (TagClass.ContextSpecific, Directory) => new(DirectoryGeneralName.TypeName, Name(names.ReadSequence(tag).ReadEncodedValue())),
            (TagClass.ContextSpecific, Uri) => new(UriGeneralName.TypeName, Text(names, tag)),
            (TagClass.ContextSpecific, Ip) => new(IpGeneralName.TypeName, Address(names.ReadOctetString(tag))),
            _ => new($"[{tag.TagValue}]", Convert.ToHexStringLower(names.ReadEncodedValue().Span)),
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

/// <summary>Is a subject alternative name, as a certificate has it. Immutable.</summary>
/// <param name="Type">As requests name it, such as <c>DNS_NAME</c>; the number of its tag, such as <c>[8]</c>, when requests cannot
/// have it.</param>
/// <param name="Value">Its text; hexadecimal when it has none.</param>
public sealed record AlternativeName(string Type, string Value)
{
    /// <summary>Writes both, as <c>TYPE value</c>.</summary>
    public override string ToString() => $"{Type} {Value}";
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

        return DerEncoding.Of(names, static (writer, names) =>
        {
            using (writer.PushSequence())
            {
                foreach (GeneralName name in names)
                {
                    name.Write(writer);
                }
            }
        });
    }
}
