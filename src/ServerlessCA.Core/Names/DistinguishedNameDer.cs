using System.Formats.Asn1;

namespace ServerlessCA.Core.Names;

/// <summary>Distinguished names in DER (RFC 5280 §4.1.2.4).</summary>
internal static class DistinguishedNameDer
{
    /// <summary>Encodes relative names.</summary>
    /// <exception cref="ArgumentException">An attribute that cannot be encoded.</exception>
    public static byte[] Write(IEnumerable<IReadOnlyList<NameAttribute>> rdns)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (IReadOnlyList<NameAttribute> rdn in rdns)
            {
                using (writer.PushSetOf())
                {
                    foreach (NameAttribute attribute in rdn)
                    {
                        WriteAttribute(writer, attribute);
                    }
                }
            }
        }

        return writer.Encode();
    }

    /// <summary>Decodes relative names; null if it is not a DER Name and nothing else.</summary>
    public static IReadOnlyList<IReadOnlyList<NameAttribute>>? Read(ReadOnlyMemory<byte> der)
    {
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            AsnReader sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            List<IReadOnlyList<NameAttribute>> rdns = [];
            while (sequence.HasData)
            {
                rdns.Add(ReadRdn(sequence.ReadSetOf()));
            }

            return [.. rdns];
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static void WriteAttribute(AsnWriter writer, NameAttribute attribute)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(attribute.Oid);
            NameString.Write(writer, attribute);
        }
    }

    private static IReadOnlyList<NameAttribute> ReadRdn(AsnReader set)
    {
        List<NameAttribute> attributes = [];
        do
        {
            AsnReader sequence = set.ReadSequence(); // throws on an empty set: its size is 1 or more
            string oid = sequence.ReadObjectIdentifier();
            attributes.Add(NameString.Read(oid, sequence.ReadEncodedValue()));
            sequence.ThrowIfNotEmpty();
        }
        while (set.HasData);

        return [.. attributes];
    }
}
