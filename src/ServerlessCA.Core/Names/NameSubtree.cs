using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace ServerlessCA.Core.Names;

/// <summary>The base of a GeneralSubtree (RFC 5280 §4.2.1.10): a host with all below it, a network, or a mailbox, a host or a domain of
/// mailboxes. Written as <c>TYPE:VALUE</c>. Immutable.</summary>
/// <param name="Type">As requests name it; only DNS_NAME, IP_ADDRESS and EMAIL_ADDRESS are written, others are read.</param>
/// <param name="Value">The text; for IP_ADDRESS a network.</param>
public sealed record NameSubtree(string Type, string Value)
{
    private const char Separator = ':';
    private const string Written = "DNS_NAME:, IP_ADDRESS: or EMAIL_ADDRESS:";

    private static readonly Asn1Tag IpTag = new(TagClass.ContextSpecific, 7);
    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag EmailTag = new(TagClass.ContextSpecific, 1);

    /// <summary>Says whether it is of a kind that this CA compares names with; a name of another kind is never within it.</summary>
    public bool IsCompared => Type is DnsGeneralName.TypeName or IpGeneralName.TypeName or EmailGeneralName.TypeName;

    /// <summary>Reads one of the three kinds that are written.</summary>
    /// <param name="text">As an operator wrote it: <c>DNS_NAME:example.com</c>, <c>IP_ADDRESS:10.0.0.0/8</c>,
    /// <c>EMAIL_ADDRESS:example.com</c> (mailboxes of that host), <c>EMAIL_ADDRESS:.example.com</c> (of hosts below it) or
    /// <c>EMAIL_ADDRESS:ca@example.com</c>.</param>
    /// <param name="subtree">The subtree; null when the text is refused.</param>
    /// <param name="why">The reason; follows the text in a message.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out NameSubtree? subtree, [NotNullWhen(false)] out string? why)
    {
        int separator = text.IndexOf(Separator, StringComparison.Ordinal);
        string type = separator < 0 ? "" : text[..separator];
        string value = text[(separator + 1)..];
        string? written = value;
        why = type switch
        {
            DnsGeneralName.TypeName => WhyNoHost(value, out written),
            IpGeneralName.TypeName => IpNetwork.TryParse(value, out IpNetwork? network, out string? notNetwork) ? Take(network.ToString(), out written) : notNetwork,
            EmailGeneralName.TypeName when value.Contains('@', StringComparison.Ordinal) =>
                EmailGeneralName.Parse(value, out string? notAddress) is { } mailbox ? Take(mailbox.Address, out written) : notAddress,
            EmailGeneralName.TypeName when value.StartsWith('.') => WhyNoHost(value[1..], out written) is { } fault ? fault : Take($".{written}", out written),
            EmailGeneralName.TypeName => WhyNoHost(value, out written),
            _ => $"must begin with {Written}",
        };
        subtree = why is null ? new NameSubtree(type, written!) : null;
        return why is null;
    }

    /// <summary>Says whether a name is within the subtree. Of a wildcard all names are.</summary>
    public bool Covers(AlternativeName name) => Type == name.Type && Type switch
    {
        DnsGeneralName.TypeName => IsWithin(name.Value),
        IpGeneralName.TypeName => IpAddressText.TryParse(name.Value, out byte[]? octets) && Network is { } network && network.Contains(octets),
        EmailGeneralName.TypeName => CoversMailbox(name.Value),
        _ => false,
    };

    /// <summary>Says whether a name, or one of the names that a wildcard stands for, is within the subtree.</summary>
    public bool Touches(AlternativeName name) => Covers(name)
        || (Type == DnsGeneralName.TypeName && name.Type == Type && name.Value.StartsWith("*.", StringComparison.Ordinal)
            && Value.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && IsSame(Value[dot..], name.Value[1..]));

    /// <summary>Returns it as <c>TYPE:VALUE</c>.</summary>
    public override string ToString() => $"{Type}{Separator}{Value}";

    /// <summary>Reads a GeneralSubtree.</summary>
    /// <exception cref="AsnContentException">Not DER, not of this form, or with a minimum or a maximum, which RFC 5280 does not
    /// allow.</exception>
    internal static NameSubtree Read(AsnReader subtrees)
    {
        AsnReader subtree = subtrees.ReadSequence();
        NameSubtree read;
        if (subtree.PeekTag().HasSameClassAndValue(IpTag))
        {
            read = IpNetwork.TryRead(subtree.ReadOctetString(IpTag), out IpNetwork? network)
                ? new NameSubtree(IpGeneralName.TypeName, network.ToString())
                : throw new AsnContentException("a network has neither 8 nor 32 octets");
        }
        else
        {
            string text = GeneralNames.ReadOne(subtree);
            int space = text.IndexOf(' ', StringComparison.Ordinal);
            read = new NameSubtree(text[..space], text[(space + 1)..]);
        }

        subtree.ThrowIfNotEmpty();
        return read;
    }

    /// <summary>Writes it as a GeneralSubtree: minimum is 0, and maximum absent (RFC 5280 §4.2.1.10).</summary>
    /// <exception cref="InvalidOperationException">It is of a kind that is only read.</exception>
    internal void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            switch (Type)
            {
                case DnsGeneralName.TypeName:
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, Value, DnsTag);
                    break;
                case EmailGeneralName.TypeName:
                    writer.WriteCharacterString(UniversalTagNumber.IA5String, Value, EmailTag);
                    break;
                case IpGeneralName.TypeName when Network is { } network:
                    writer.WriteOctetString(network.Octets.Span, IpTag);
                    break;
                default:
                    throw new InvalidOperationException($"name constraints of the kind {Type} are not written");
            }
        }
    }

    private IpNetwork? Network => IpNetwork.TryParse(Value, out IpNetwork? network, out _) ? network : null;

    // A dot in front, which other CAs write, leaves out the host itself; an empty host covers all.
    private bool IsWithin(string host) => Value.Length == 0 || (Value[0] != '.' && IsSame(host, Value)) || IsBelow(host);

    private bool IsBelow(string host)
    {
        string end = Value.StartsWith('.') ? Value : $".{Value}";
        return host.Length > end.Length && IsSame(host[^end.Length..], end);
    }

    // The part before the @ is compared as it is (RFC 5280 §4.2.1.10, RFC 5321 §2.4).
    private bool CoversMailbox(string address)
    {
        int at = address.LastIndexOf('@');
        int own = Value.LastIndexOf('@');
        string host = address[(at + 1)..];
        return own >= 0 ? at >= 0 && address[..at] == Value[..own] && IsSame(host, Value[(own + 1)..])
            : Value.StartsWith('.') ? IsBelow(host)
            : Value.Length == 0 || IsSame(host, Value);
    }

    private static bool IsSame(string one, string other) =>
        one.Length == other.Length && one.Zip(other).All(pair => Glob.IsSameFolded(pair.First, pair.Second));

    private static string? WhyNoHost(string text, out string? written)
    {
        bool isHost = DnsName.TryParse(text, singleLabels: true, out DnsName? host) && !host.IsWildcard;
        written = isHost ? host!.Value : null;
        return isHost ? null : "must be a host or a domain, without a wildcard and without a dot at an end: it covers all names below it";
    }

    private static string? Take(string value, out string? written)
    {
        written = value;
        return null;
    }
}
