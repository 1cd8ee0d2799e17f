using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Core.Names;

/// <summary>A domain name, which is fit for a certificate: ASCII, labels outside ASCII turned into A-labels (RFC 5280 §7.2), at
/// least two labels unless one is allowed, no trailing dot, at most 253 octets. A wildcard is allowed only as the whole
/// left-most label, over at least two more (RFC 9525 §6.3). Case stays as given. Immutable.</summary>
public sealed record DnsName
{
    /// <summary>Limits the octets of a name: 255 on the wire, less the length octets of the first label and the root (RFC 1035
    /// §2.3.4).</summary>
    public const int MaxOctets = 253;

    /// <summary>Limits the octets of a label (RFC 1035 §2.3.4).</summary>
    internal const int MaxLabelOctets = 63;

    private const string WildcardPrefix = "*.";

    private DnsName(string value) => Value = value;

    /// <summary>Gets the name in ASCII, with A-labels (<c>xn--…</c>).</summary>
    public string Value { get; }

    /// <summary>Says whether the left-most label is <c>*</c>.</summary>
    public bool IsWildcard => Value.StartsWith(WildcardPrefix, StringComparison.Ordinal);

    /// <summary>Says whether the name has one label, such as <c>localhost</c>.</summary>
    public bool IsSingleLabel => !Value.Contains('.', StringComparison.Ordinal);

    /// <summary>Reads a domain name of at least two labels, with or without a wildcard. Labels have letters, digits and inner
    /// hyphens (RFC 1123 §2.1); the last one ends with a letter and may have single underscores, as in the original.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DnsName? name) => TryParse(text, singleLabels: false, out name);

    /// <summary>Reads a domain name.</summary>
    /// <param name="text">The name.</param>
    /// <param name="singleLabels">Whether one label is enough, such as <c>localhost</c>: letters, digits and inner hyphens, but
    /// nothing that programs read as an address.</param>
    /// <param name="name">The name; null when the text is no domain name.</param>
    public static bool TryParse(string text, bool singleLabels, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        // A code point takes at most two chars here and at least one octet of an A-label.
        if (text.Length > 2 * MaxOctets)
        {
            return false;
        }

        bool wildcard = text.StartsWith(WildcardPrefix, StringComparison.Ordinal);
        string[] labels = (wildcard ? text[WildcardPrefix.Length..] : text).Split('.');
        bool isSingle = labels.Length < 2;
        if (isSingle && (wildcard || !singleLabels))
        {
            return false;
        }

        if (!TryMakeLabels(labels, isSingle ? IsOnlyLabel : IsLastLabel))
        {
            return false;
        }

        string value = (wildcard ? WildcardPrefix : "") + string.Join('.', labels);
        name = value.Length <= MaxOctets ? new DnsName(value) : null;
        return name is not null;
    }

    /// <summary>Returns the name in ASCII.</summary>
    public override string ToString() => Value;

    private static bool TryMakeLabels(string[] labels, Func<string, bool> isLast)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if (!InternationalLabel.TryToAscii(labels[i], out string? ascii)
                || !(i == labels.Length - 1 ? isLast(ascii) : IsLabel(ascii)))
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

    // Programs read 2130706433 and 0x7f000001 as addresses (WHATWG URL, "ends in a number").
    private static bool IsOnlyLabel(string label)
    {
        bool isHexadecimal = label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && label.Skip(2).All(char.IsAsciiHexDigit);
        return IsLabel(label) && !isHexadecimal && !label.All(char.IsAsciiDigit);
    }

    // With a last label of digits a name would look like an address (RFC 3696 §2).
    private static bool IsLastLabel(string label) =>
        label.Length is > 1 and <= MaxLabelOctets
        && char.IsAsciiLetterOrDigit(label[0])
        && char.IsAsciiLetter(label[^1])
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && !label.Contains("__", StringComparison.Ordinal);
}

/// <summary>Explains why a text is no domain name, to the person who wrote it.</summary>
internal static class DnsNameFault
{
    private const int MaxExplained = 4096; // characters; our decision: what is longer is too long, whatever else it is

    private const string Characters = "may have only letters, digits and hyphens, with no hyphen at either end, between its dots";

    /// <summary>Returns the first fault, such as <c>must not have a port</c>; it follows the text in a message.</summary>
    /// <param name="text">The text that was refused.</param>
    /// <param name="singleLabels">Whether one label would have been enough.</param>
    public static string Of(string text, bool singleLabels) =>
        OfOtherKind(text)
        ?? OfWildcard(text)
        ?? OfLabels(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text, singleLabels);

    // Recognises what was meant when it is not a domain name.
    private static string? OfOtherKind(string text) =>
        IpAddressText.TryParse(text.Trim('[', ']'), out _) ? "must be a name, not an address: give addresses as IP_ADDRESS"
        : text.Contains("://", StringComparison.Ordinal) ? "must be a name alone: give URLs as URL"
        : text.Contains('@', StringComparison.Ordinal) ? "must be a name alone: give e-mail addresses as EMAIL_ADDRESS"
        : text.Contains('/', StringComparison.Ordinal) ? "must be a name alone, without a path or prefix length"
        : text.Contains(':', StringComparison.Ordinal) ? "must be a name alone, without a port"
        : text.Any(char.IsWhiteSpace) ? "must not have white space"
        : null;

    private static string? OfWildcard(string text)
    {
        bool isGood = text.StartsWith("*.", StringComparison.Ordinal) && !text[2..].Contains('*', StringComparison.Ordinal)
            && text[2..].Contains('.', StringComparison.Ordinal);
        return !text.Contains('*', StringComparison.Ordinal) || isGood
            ? null
            : "may have a wildcard only as all of the left-most label, over at least two more, such as *.example.com";
    }

    private static string OfLabels(string host, bool singleLabels)
    {
        bool isExplained = host.Length <= MaxExplained;
        string[] labels = isExplained ? host.Split('.') : host.Contains('.', StringComparison.Ordinal) ? ["", ""] : [""];
        return host.EndsWith('.') ? "must not end with a dot"
            : labels.Length < 2 && (!singleLabels || host.Length == 0) ? "must have at least two labels, such as www.example.com"
            : !isExplained ? $"must have at most {DnsName.MaxOctets} characters"
            : labels.Any(label => label.Length == 0) ? "must not have an empty label"
            : labels.Any(label => !InternationalLabel.TryToAscii(label, out _)) ? "has letters that no domain name may have (RFC 5892)"
            : labels.Any(label => Ascii(label).Length > DnsName.MaxLabelOctets) ? $"must have at most {DnsName.MaxLabelOctets} characters between dots"
            : string.Join('.', labels.Select(Ascii)).Length > DnsName.MaxOctets ? $"must have at most {DnsName.MaxOctets} characters"
            : labels.Length < 2 && labels.All(IsLabel) ? "must not be a number, which programs take for an address"
            : labels.Length < 2 && !IsLabel(labels[0]) ? Characters
            : labels[..^1].Any(label => !IsLabel(label)) || !IsLabel(labels[^1].Replace("_", "", StringComparison.Ordinal)) ? Characters
            : "must end with a label of at least two characters that ends with a letter, such as com";
    }

    private static string Ascii(string label) => InternationalLabel.TryToAscii(label, out string? ascii) ? ascii : label;

    private static bool IsLabel(string label) =>
        Ascii(label) is [not '-', ..] and [.., not '-'] and var ascii && ascii.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
