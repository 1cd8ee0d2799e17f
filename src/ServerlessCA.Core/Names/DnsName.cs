using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Core.Names;

/// <summary>A domain name fit for a certificate: ASCII, labels outside ASCII turned into A-labels
/// (RFC 5280 §7.2), at least two labels, no trailing dot, at most 253 octets. A wildcard stands only as
/// the whole left-most label, over at least two more (RFC 9525 §6.3). Case stays as given. Immutable.</summary>
public sealed record DnsName
{
    /// <summary>Octets of a name at most: 255 on the wire, less the length octets of the first label and the root
    /// (RFC 1035 §2.3.4).</summary>
    public const int MaxOctets = 253;

    /// <summary>Octets of a label at most (RFC 1035 §2.3.4).</summary>
    internal const int MaxLabelOctets = 63;

    private const string WildcardPrefix = "*.";

    private DnsName(string value) => Value = value;

    /// <summary>The name in ASCII, with A-labels (<c>xn--…</c>).</summary>
    public string Value { get; }

    /// <summary>Whether the left-most label is <c>*</c>.</summary>
    public bool IsWildcard => Value.StartsWith(WildcardPrefix, StringComparison.Ordinal);

    /// <summary>Reads a domain name, with or without a wildcard. Labels are letters, digits and inner hyphens
    /// (RFC 1123 §2.1); the last one ends with a letter and may hold single underscores, as it always could here.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        // A code point takes at most two chars here and at least one octet of an A-label.
        if (text.Length > 2 * MaxOctets)
        {
            return false;
        }

        bool wildcard = text.StartsWith(WildcardPrefix, StringComparison.Ordinal);
        string[] labels = (wildcard ? text[WildcardPrefix.Length..] : text).Split('.');
        if (labels.Length < 2 || !TryMakeLabels(labels))
        {
            return false;
        }

        string value = (wildcard ? WildcardPrefix : "") + string.Join('.', labels);
        name = value.Length <= MaxOctets ? new DnsName(value) : null;
        return name is not null;
    }

    /// <summary>The name in ASCII.</summary>
    public override string ToString() => Value;

    private static bool TryMakeLabels(string[] labels)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if (!InternationalLabel.TryToAscii(labels[i], out string? ascii)
                || !(i == labels.Length - 1 ? IsLastLabel(ascii) : IsLabel(ascii)))
            {
                return false;
            }

            labels[i] = ascii;
        }

        return true;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelOctets
        && char.IsAsciiLetterOrDigit(label[0])
        && char.IsAsciiLetterOrDigit(label[^1])
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    // A last label of digits would make an address of a name (RFC 3696 §2).
    private static bool IsLastLabel(string label) =>
        label.Length is > 1 and <= MaxLabelOctets
        && char.IsAsciiLetterOrDigit(label[0])
        && char.IsAsciiLetter(label[^1])
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && !label.Contains("__", StringComparison.Ordinal);
}
