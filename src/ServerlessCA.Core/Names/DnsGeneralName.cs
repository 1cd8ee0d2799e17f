using System.Formats.Asn1;

namespace ServerlessCA.Core.Names;

/// <summary>A dNSName, with or without a wildcard (RFC 5280 §4.2.1.6). Immutable.</summary>
public sealed record DnsGeneralName : GeneralName
{
    internal const string TypeName = "DNS_NAME";

    private static readonly Asn1Tag DnsNameTag = new(TagClass.ContextSpecific, 2);

    private DnsGeneralName(string text, DnsName name)
        : base(text) => Name = name;

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <summary>The domain name.</summary>
    public DnsName Name { get; }

    /// <summary>Makes a general name of a domain name, such as a common name that stands in for absent names.</summary>
    public static DnsGeneralName Of(DnsName name) => new(name.Value, name);

    internal static DnsGeneralName? Parse(string text, bool singleLabels, out string? why)
    {
        bool read = DnsName.TryParse(text, singleLabels, out DnsName? name);
        why = read ? null : DnsNameFault.Of(text, singleLabels);
        return read ? new DnsGeneralName(text, name!) : null;
    }

    /// <inheritdoc/>
    internal override void Write(AsnWriter writer) =>
        writer.WriteCharacterString(UniversalTagNumber.IA5String, Name.Value, DnsNameTag);
}
