using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Core.Names;

/// <summary>A distinguished name (RFC 5280 §4.1.2.4): a sequence of relative names, each of one or more
/// attributes. Equal when the DER is. Immutable.</summary>
public sealed record DistinguishedName
{
    /// <summary>Octets of DER that are read at most; our decision: twice the largest subject this CA makes.</summary>
    public const int MaxOctets = 131_072;

    /// <summary>Characters of text that are read at most; our decision.</summary>
    public const int MaxTextLength = 4096;

    /// <summary>Attributes that a text may have at most; our decision.</summary>
    public const int MaxTextAttributes = 64;

    private DistinguishedName(IReadOnlyList<IReadOnlyList<NameAttribute>> rdns, byte[] der)
    {
        Rdns = rdns;
        Der = der;
    }

    /// <summary>The relative names, and the attributes of each, in the order of the encoding.</summary>
    public IReadOnlyList<IReadOnlyList<NameAttribute>> Rdns { get; }

    /// <summary>The encoded Name; of a decoded one, what was decoded.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>Makes a name of attributes: one relative name each, in this order.</summary>
    /// <exception cref="ArgumentException">An attribute whose type is no OID, whose string type is not written
    /// (see <see cref="NameStringType"/>), or whose value has characters that the string type has not.</exception>
    public static DistinguishedName Of(IEnumerable<NameAttribute> attributes)
    {
        IReadOnlyList<IReadOnlyList<NameAttribute>> rdns = [.. attributes.Select(ToRdn)];
        return new DistinguishedName(rdns, DistinguishedNameDer.Write(rdns));
    }

    /// <summary>Reads RFC 4514 text. Relative names keep the order written, which is the order of the encoding:
    /// <c>CN=a,O=b</c> has CN first, as the original does it. Spaces around separators, quoted values
    /// (RFC 2253) and bare <c>; &lt; &gt; =</c> in values are tolerated.</summary>
    /// <param name="rfc4514">The text.</param>
    /// <param name="name">The name read.</param>
    /// <param name="why">Why not: goes on after the text, such as <c>has a wrong C: it must be two letters</c>.</param>
    /// <param name="ignored">Keys that were left out because the attribute is not known, as written.</param>
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
            name = new DistinguishedName(DistinguishedNameDer.Read(der)!, der);
        }

        return name is not null;
    }

    /// <summary>Reads a DER Name from anyone: strict in structure, never throws. Values that are no text stay as
    /// they are, in <see cref="Der"/>, and as <see cref="NameStringType.Other"/>.</summary>
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

    /// <summary>The text values of an attribute type, in order; none if the name has not the type.</summary>
    /// <param name="oid">The attribute type in dotted decimal.</param>
    public IEnumerable<string> Values(string oid) =>
        from rdn in Rdns
        from attribute in rdn
        where attribute.Oid == oid && attribute.StringType != NameStringType.Other
        select attribute.Value;

    /// <summary>Whether both are one name (RFC 5280 §7.1): the same relative names in the same order, whatever the string
    /// types, case and white space of their values, and whatever looks the same (contract 12.20).</summary>
    public bool Matches(DistinguishedName other) =>
        Rdns.Count == other.Rdns.Count && Rdns.Zip(other.Rdns).All(pair => Folded(pair.First).SetEquals(Folded(pair.Second)));

    /// <summary>The same DER.</summary>
    public bool Equals(DistinguishedName? other) => other is not null && Der.Span.SequenceEqual(other.Der.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Der.Span);
        return hash.ToHashCode();
    }

    /// <summary>RFC 4514 text: the last relative name first. Only CN, L, ST, O, OU, C, STREET, DC and UID have short
    /// names; characters that need no escape stay as they are, line breaks too.</summary>
    public override string ToString() => DistinguishedNameText.Write(Rdns);

    private static HashSet<(string Oid, string Value)> Folded(IReadOnlyList<NameAttribute> rdn) => [.. rdn.Select(attribute =>
        (attribute.Oid, attribute.StringType == NameStringType.Other ? attribute.Value : FoldedName.OfLook(attribute.Value).Text))];

    private static IReadOnlyList<NameAttribute> ToRdn(NameAttribute attribute) => [attribute];
}

/// <summary>One attribute of a distinguished name: type and value. Immutable.</summary>
/// <param name="Oid">The attribute type in dotted decimal.</param>
/// <param name="StringType">The ASN.1 type of the value.</param>
/// <param name="Value">The value as text; of <see cref="NameStringType.Other"/>, <c>#</c> and hexadecimal.</param>
public sealed record NameAttribute(string Oid, NameStringType StringType, string Value);
