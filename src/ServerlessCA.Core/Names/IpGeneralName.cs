using System.Formats.Asn1;

namespace ServerlessCA.Core.Names;

/// <summary>An iPAddress: IPv4 in 4 octets, IPv6 in 16; an IPv4-mapped IPv6 address stays 16
/// (RFC 5280 §4.2.1.6). Immutable.</summary>
public sealed record IpGeneralName : GeneralName
{
    internal const string TypeName = "IP_ADDRESS";

    private static readonly Asn1Tag IpAddressTag = new(TagClass.ContextSpecific, 7);

    private IpGeneralName(string text, byte[] octets)
        : base(text) => Octets = octets;

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <summary>The address in network byte order: 4 or 16 octets.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>The same text of the same octets.</summary>
    public bool Equals(IpGeneralName? other) =>
        other is not null && Text == other.Text && Octets.Span.SequenceEqual(other.Octets.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    internal static IpGeneralName? Parse(string text, out string? why)
    {
        bool read = IpAddressText.TryParse(text, out byte[]? octets);
        why = read ? null : "must be one IPv4 or IPv6 address, without brackets, zone or prefix length";
        return read ? new IpGeneralName(text, octets!) : null;
    }

    /// <inheritdoc/>
    internal override void Write(AsnWriter writer) => writer.WriteOctetString(Octets.Span, IpAddressTag);
}
