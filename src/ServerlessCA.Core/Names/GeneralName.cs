using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Text;

namespace ServerlessCA.Core.Names;

/// <summary>A name of a subject alternative name extension (RFC 5280 §4.2.1.6), which is always valid. A closed set:
/// <see cref="DnsGeneralName"/>, <see cref="IpGeneralName"/>, <see cref="EmailGeneralName"/>, <see cref="UriGeneralName"/>,
/// <see cref="DirectoryGeneralName"/>. Immutable.</summary>
public abstract record GeneralName
{
    private protected GeneralName(string text) => Text = text;

    /// <summary>Gets the type's name in requests (contract section 5), in upper case.</summary>
    public abstract string Type { get; }

    /// <summary>Gets the name exactly as the caller wrote it.</summary>
    public string Text { get; }

    /// <summary>Says whether requests may use this type, in any case.</summary>
    public static bool IsKnownType(string type) => TypeOf(UpperCase(type)) is not null;

    /// <summary>Finds the name of a type that requests may use; null: there is none.</summary>
    /// <param name="type">Counts in upper case only.</param>
    internal static string? TypeOf(ReadOnlySpan<char> type) => type switch
    {
        DnsGeneralName.TypeName => DnsGeneralName.TypeName,
        IpGeneralName.TypeName => IpGeneralName.TypeName,
        EmailGeneralName.TypeName => EmailGeneralName.TypeName,
        UriGeneralName.TypeName => UriGeneralName.TypeName,
        DirectoryGeneralName.TypeName => DirectoryGeneralName.TypeName,
        _ => null,
    };

    /// <summary>Reads a name of a type.</summary>
    /// <param name="type">One of the five, in any case.</param>
    /// <param name="text">The name.</param>
    /// <param name="name">The name; null when it is refused.</param>
    /// <param name="why">The reason, such as <c>must be an IPv4 or IPv6 address</c>; follows type and text in a
    /// message.</param>
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

    // Only for ASCII: U+017F, the long s, would turn into an S.
    private static string UpperCase(string type) => Ascii.IsValid(type) ? type.ToUpperInvariant() : type;

    /// <summary>Writes the name as one DER GeneralName.</summary>
    internal abstract void Write(AsnWriter writer);
}

/// <summary>A dNSName, which may have a wildcard (RFC 5280 §4.2.1.6). Immutable.</summary>
public sealed record DnsGeneralName : GeneralName
{
    internal const string TypeName = "DNS_NAME";

    private static readonly Asn1Tag DnsNameTag = new(TagClass.ContextSpecific, 2);

    private DnsGeneralName(string text, DnsName name)
        : base(text) => Name = name;

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <summary>Gets the domain name.</summary>
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

/// <summary>An iPAddress, which has 4 octets for IPv4 and 16 for IPv6; an IPv4-mapped IPv6 address keeps 16 (RFC 5280
/// §4.2.1.6). Immutable.</summary>
public sealed record IpGeneralName : GeneralName
{
    internal const string TypeName = "IP_ADDRESS";

    private static readonly Asn1Tag IpAddressTag = new(TagClass.ContextSpecific, 7);

    private IpGeneralName(string text, byte[] octets)
        : base(text) => Octets = octets;

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <summary>Gets the address in network byte order: 4 or 16 octets.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>Says whether both have the same text and the same octets.</summary>
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

/// <summary>An rfc822Name, which is a mailbox in ASCII with its domain in A-labels (RFC 5280 §4.2.1.6). Immutable.</summary>
public sealed record EmailGeneralName : GeneralName
{
    internal const string TypeName = "EMAIL_ADDRESS";

    private const int MaxOctets = 254; // RFC 5321 §4.5.3.1.3: a path of 256, less its angle brackets
    private const int MaxLocalOctets = 64; // RFC 5321 §4.5.3.1.1

    private static readonly Asn1Tag Rfc822NameTag = new(TagClass.ContextSpecific, 1);

    private EmailGeneralName(string text, string address)
        : base(text) => Address = address;

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <summary>Gets the address in ASCII, case as given.</summary>
    public string Address { get; }

    internal static EmailGeneralName? Parse(string text, out string? why)
    {
        string? address = Normalise(text);
        why = address is null ? "must be an e-mail address in ASCII, such as user@example.com"
            : address.Length > MaxOctets ? $"must have at most {MaxOctets} characters"
            : null;
        return why is null ? new EmailGeneralName(text, address!) : null;
    }

    /// <inheritdoc/>
    internal override void Write(AsnWriter writer) =>
        writer.WriteCharacterString(UniversalTagNumber.IA5String, Address, Rfc822NameTag);

    private static string? Normalise(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string local = at < 0 ? "" : text[..at];
        bool valid = local.Length is > 0 and <= MaxLocalOctets && (IsDotAtom(local) || IsQuoted(local));
        // A second @ fails here, as a domain cannot have one.
        return valid && DnsName.TryParse(text[(at + 1)..], out DnsName? domain) && !domain.IsWildcard
            ? $"{local}@{domain.Value}"
            : null;
    }

    private static bool IsDotAtom(string local) =>
        local.Split('.').All(atom => atom.Length > 0 && atom.All(IsAtomText));

    // atext (RFC 5322 §3.2.3).
    private static bool IsAtomText(char c) =>
        char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal);

    // A quoted string as the original accepts it, without control characters, which RFC 5321 §4.1.2 forbids:
    // no spaces, and a backslash only before a dot.
    private static bool IsQuoted(string local)
    {
        if (local.Length < 2 || local[0] != '"' || local[^1] != '"')
        {
            return false;
        }

        string inner = local[1..^1].Replace("\\.", ".", StringComparison.Ordinal);
        return inner.All(c => c is > ' ' and <= '~' and not '"' and not '\\');
    }
}

/// <summary>A uniformResourceIdentifier, which is an absolute URI with an authority, or a URN (RFC 5280 §4.2.1.6, contract
/// 12.8). Immutable.</summary>
public sealed record UriGeneralName : GeneralName
{
    internal const string TypeName = "URL";

    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    private UriGeneralName(string text, string uri)
        : base(text) => Uri = uri;

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <summary>Gets the URI in ASCII: as given, but a domain outside ASCII in A-labels.</summary>
    public string Uri { get; }

    internal static UriGeneralName? Parse(string text, out string? why) =>
        UriText.TryParse(text, out string? uri, out why) ? new UriGeneralName(text, uri) : null;

    /// <inheritdoc/>
    internal override void Write(AsnWriter writer) =>
        writer.WriteCharacterString(UniversalTagNumber.IA5String, Uri, UriTag);
}

/// <summary>A directoryName, which callers write as RFC 4514 text (RFC 5280 §4.2.1.6). Immutable.</summary>
public sealed record DirectoryGeneralName : GeneralName
{
    internal const string TypeName = "DN";

    // Explicit, because Name is a CHOICE (X.680 §31.2.7).
    private static readonly Asn1Tag DirectoryNameTag = new(TagClass.ContextSpecific, 4, isConstructed: true);

    private DirectoryGeneralName(string text, DistinguishedName name, IReadOnlyList<string> ignored)
        : base(text)
    {
        Name = name;
        Ignored = ignored;
    }

    /// <inheritdoc/>
    public override string Type => TypeName;

    /// <summary>Gets the distinguished name, in the order written.</summary>
    public DistinguishedName Name { get; }

    /// <summary>Gets the attribute keys that were left out because they are unknown, as written.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>Says whether both have the same text and the same name.</summary>
    public bool Equals(DirectoryGeneralName? other) => other is not null && Text == other.Text && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    internal static DirectoryGeneralName? Parse(string text, out string? why) =>
        DistinguishedName.TryParse(text, out DistinguishedName? name, out why, out IReadOnlyList<string> ignored)
            ? new DirectoryGeneralName(text, name, ignored)
            : null;

    /// <inheritdoc/>
    internal override void Write(AsnWriter writer)
    {
        using (writer.PushSequence(DirectoryNameTag))
        {
            writer.WriteEncodedValue(Name.Der.Span);
        }
    }
}
