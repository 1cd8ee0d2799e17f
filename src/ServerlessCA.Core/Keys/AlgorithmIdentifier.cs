using System.Formats.Asn1;

namespace ServerlessCA.Core.Keys;

/// <summary>An AlgorithmIdentifier (RFC 5280 §4.1.1.2). Immutable.</summary>
/// <param name="Oid">The algorithm.</param>
/// <param name="Parameters">Its parameters as DER; null when absent.</param>
internal readonly record struct AlgorithmIdentifier(string Oid, ReadOnlyMemory<byte>? Parameters)
{
    private static readonly byte[] Null = [5, 0];

    /// <summary>Whether there are no parameters.</summary>
    public bool HasNoParameters => Parameters is null;

    /// <summary>Whether the parameters are NULL.</summary>
    public bool HasNullParameters => Parameters is { } parameters && parameters.Span.SequenceEqual(Null);

    /// <summary>Reads the next element.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static AlgorithmIdentifier Read(AsnReader reader)
    {
        AsnReader sequence = reader.ReadSequence();
        string oid = sequence.ReadObjectIdentifier();
        ReadOnlyMemory<byte>? parameters = sequence.HasData ? sequence.ReadEncodedValue() : default(ReadOnlyMemory<byte>?);
        sequence.ThrowIfNotEmpty();
        return new(oid, parameters);
    }

    /// <summary>Takes it apart.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static AlgorithmIdentifier Decode(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        AlgorithmIdentifier identifier = Read(reader);
        reader.ThrowIfNotEmpty();
        return identifier;
    }
}
