using System.Formats.Asn1;

namespace ServerlessCA.Core.Names;

/// <summary>The subject alternative name extension (RFC 5280 §4.2.1.6).</summary>
public static class SubjectAlternativeName
{
    /// <summary>The extension's value: DER GeneralNames, in the order given, duplicates included.</summary>
    /// <exception cref="ArgumentException">No names: the extension then has no place in the certificate.</exception>
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
