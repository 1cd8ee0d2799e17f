using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Core.Names;

/// <summary>A distinguished name, which is a sequence of relative names, each of one or more attributes (RFC 5280 §4.1.2.4).
/// Equal when the DER is. Immutable.</summary>
public sealed record DistinguishedName
{
    /// <summary>Limits the octets of DER that are read; our decision: twice the largest subject this CA makes.</summary>
    public const int MaxOctets = 131_072;

    /// <summary>Limits the characters of text that are read; our decision.</summary>
    public const int MaxTextLength = 4096;

    /// <summary>Limits the attributes that a text may have; our decision.</summary>
    public const int MaxTextAttributes = 64;

    private string? commonName;
    private (string Oid, string Value)[][]? folded;

    private DistinguishedName(IReadOnlyList<IReadOnlyList<NameAttribute>> rdns, byte[] der)
    {
        Rdns = rdns;
        Der = der;
    }

    /// <summary>Gets the name without any attribute.</summary>
    public static DistinguishedName Empty { get; } = Of([]);

    /// <summary>Gets the relative names, and the attributes of each, in the order of the encoding.</summary>
    public IReadOnlyList<IReadOnlyList<NameAttribute>> Rdns { get; }

    /// <summary>Gets the encoded Name; for a decoded one, exactly the bytes that were decoded.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>Makes a name of attributes: one relative name each, in this order.</summary>
    /// <exception cref="ArgumentException">An attribute has a type that is no OID, a string type that is not written (see
    /// <see cref="NameStringType"/>), or characters that its string type does not allow.</exception>
    public static DistinguishedName Of(IEnumerable<NameAttribute> attributes)
    {
        IReadOnlyList<IReadOnlyList<NameAttribute>> rdns = [.. attributes.Select(ToRdn)];
        return new DistinguishedName(rdns, DistinguishedNameDer.Write(rdns));
    }

    /// <summary>Reads RFC 4514 text. Relative names keep the order written, which is the order of the encoding: <c>CN=a,O=b</c>
    /// has CN first, as in the original. Accepts spaces around separators, quoted values (RFC 2253) and bare <c>; &lt; &gt;
    /// =</c> in values.</summary>
    /// <param name="rfc4514">At most <see cref="MaxTextLength"/> characters.</param>
    /// <param name="name">Null when the text is refused.</param>
    /// <param name="why">The reason, such as <c>has a wrong C: it must be two letters</c>; follows the text in a
    /// message.</param>
    /// <param name="ignored">The keys that were left out because the attribute is unknown, as written.</param>
    public static bool TryParse(
        string rfc4514,
        [NotNullWhen(true)] out DistinguishedName? name,
        [NotNullWhen(false)] out string? why,
        out IReadOnlyList<string> ignored)
    {
        name = null;
        if (DistinguishedNameText.TryRead(
            rfc4514, out IReadOnlyList<IReadOnlyList<NameAttribute>>? rdns, out why, out ignored))
        {
            byte[] der = DistinguishedNameDer.Write(rdns);
            // Read back, to have the attributes of a relative name in the order of the SET OF.
            name = new DistinguishedName(rdns.All(rdn => rdn.Count == 1) ? rdns : DistinguishedNameDer.Read(der)!, der);
        }

        return name is not null;
    }

    /// <summary>Reads a DER Name from anyone: strict in structure, never throws. A value that is no text stays as it is in
    /// <see cref="Der"/>, and becomes a <see cref="NameStringType.Other"/>.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out DistinguishedName? name)
    {
        name = null;
        if (der.Length <= MaxOctets)
        {
            byte[] copy = der.ToArray();
            IReadOnlyList<IReadOnlyList<NameAttribute>>? rdns = DistinguishedNameDer.Read(copy);
            name = rdns is null ? null : new DistinguishedName(rdns, copy);
        }

        return name is not null;
    }

    /// <summary>Returns the text values of an attribute type, in order; none if the name does not have the type.</summary>
    /// <param name="oid">The attribute type in dotted decimal.</param>
    public IEnumerable<string> Values(string oid)
    {
        foreach (IReadOnlyList<NameAttribute> rdn in Rdns)
        {
            foreach (NameAttribute attribute in rdn)
            {
                if (attribute.Oid == oid && attribute.StringType != NameStringType.Other)
                {
                    yield return attribute.Value;
                }
            }
        }
    }

    /// <summary>Says whether the name has an attribute of a type.</summary>
    /// <param name="oid">The attribute type in dotted decimal.</param>
    public bool Has(string oid)
    {
        for (int i = 0; i < Rdns.Count; i++)
        {
            for (int j = 0; j < Rdns[i].Count; j++)
            {
                if (Rdns[i][j].Oid == oid)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Gets the first common name; null without one.</summary>
    public string? CommonName => commonName ??= Values(SubjectAttributes.CommonName.Oid).FirstOrDefault();

    /// <summary>Says whether both are one name (RFC 5280 §7.1): they have the same relative names in the same order, whatever
    /// the string types, case and white space of their values, and whatever looks the same (contract 12.20).</summary>
    public bool Matches(DistinguishedName other)
    {
        bool match = Rdns.Count == other.Rdns.Count;
        for (int i = 0; match && i < Rdns.Count; i++)
        {
            match = Folded[i].AsSpan().SequenceEqual(other.Folded[i]);
        }

        return match;
    }

    /// <summary>Says whether both have the same DER.</summary>
    public bool Equals(DistinguishedName? other) => other is not null && Der.Span.SequenceEqual(other.Der.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Der.Span);
        return hash.ToHashCode();
    }

    /// <summary>Returns RFC 4514 text, the last relative name first. Only CN, L, ST, O, OU, C, STREET, DC and UID have short
    /// names; characters that need no escape stay as they are, line breaks too.</summary>
    public override string ToString() => DistinguishedNameText.Write(Rdns);

    // The attributes of a relative name are a set: their order and repetitions do not count.
    private static (string Oid, string Value)[] Fold(IReadOnlyList<NameAttribute> rdn) => rdn.Count == 1
        ? [Fold(rdn[0])]
        : [.. rdn.Select(Fold).Distinct().OrderBy(pair => pair.Oid, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)];

    private static (string Oid, string Value) Fold(NameAttribute attribute) =>
        (attribute.Oid, attribute.StringType == NameStringType.Other ? attribute.Value : FoldedName.OfLook(attribute.Value).Text);

    // The names of the CAs are compared with every subject.
    private (string Oid, string Value)[][] Folded => folded ??= [.. Rdns.Select(Fold)];

    private static IReadOnlyList<NameAttribute> ToRdn(NameAttribute attribute) => [attribute];
}

/// <summary>An attribute, as it stands in a distinguished name: type and value. Immutable.</summary>
/// <param name="Oid">The attribute type in dotted decimal.</param>
/// <param name="StringType">The ASN.1 type of the value.</param>
/// <param name="Value">The value as text; for <see cref="NameStringType.Other"/>, <c>#</c> and hexadecimal.</param>
public sealed record NameAttribute(string Oid, NameStringType StringType, string Value);
