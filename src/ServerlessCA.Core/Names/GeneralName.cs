using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Text;

namespace ServerlessCA.Core.Names;

/// <summary>One name of a subject alternative name extension (RFC 5280 §4.2.1.6). Closed:
/// <see cref="DnsGeneralName"/>, <see cref="IpGeneralName"/>, <see cref="EmailGeneralName"/>,
/// <see cref="UriGeneralName"/>, <see cref="DirectoryGeneralName"/>. Immutable; what exists is valid.</summary>
public abstract record GeneralName
{
    private protected GeneralName(string text) => Text = text;

    /// <summary>The type's name in requests (contract section 5), in upper case.</summary>
    public abstract string Type { get; }

    /// <summary>The name exactly as the caller wrote it.</summary>
    public string Text { get; }

    /// <summary>Whether requests may use this type, in any case.</summary>
    public static bool IsKnownType(string type) => UpperCase(type)
        is DnsGeneralName.TypeName or IpGeneralName.TypeName or EmailGeneralName.TypeName
        or UriGeneralName.TypeName or DirectoryGeneralName.TypeName;

    /// <summary>Reads a name of a type.</summary>
    /// <param name="type">One of the five, in any case.</param>
    /// <param name="text">The name.</param>
    /// <param name="name">The name read.</param>
    /// <param name="why">Why not: goes on after type and text, such as <c>must be an IPv4 or IPv6 address</c>.</param>
    /// <param name="singleLabels">Whether a DNS name may have one label, such as <c>localhost</c>.</param>
    public static bool TryParse(
        string type, string text, [NotNullWhen(true)] out GeneralName? name, [NotNullWhen(false)] out string? why, bool singleLabels = false)
    {
        why = null;
        name = UpperCase(type) switch
        {
            DnsGeneralName.TypeName => DnsGeneralName.Parse(text, singleLabels, out why),
            IpGeneralName.TypeName => IpGeneralName.Parse(text, out why),
            EmailGeneralName.TypeName => EmailGeneralName.Parse(text, out why),
            UriGeneralName.TypeName => UriGeneralName.Parse(text, out why),
            DirectoryGeneralName.TypeName => DirectoryGeneralName.Parse(text, out why),
            _ => null,
        };
        why = name is null
            ? why ?? "has an unknown type: use DNS_NAME, IP_ADDRESS, EMAIL_ADDRESS, URL or DN"
            : null;
        return name is not null;
    }

    // ASCII alone: U+017F, the long s, would turn into an S.
    private static string UpperCase(string type) => Ascii.IsValid(type) ? type.ToUpperInvariant() : type;

    /// <summary>Writes the name as one DER GeneralName.</summary>
    internal abstract void Write(AsnWriter writer);
}
