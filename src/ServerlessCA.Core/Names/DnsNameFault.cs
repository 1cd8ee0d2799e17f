namespace ServerlessCA.Core.Names;

/// <summary>Why a text is no domain name, for whoever wrote it.</summary>
internal static class DnsNameFault
{
    private const string Characters = "may have only letters, digits and hyphens, with no hyphen at either end, between its dots";

    /// <summary>The first thing that is wrong: goes on after the text, such as <c>must not have a port</c>.</summary>
    /// <param name="text">What was refused.</param>
    /// <param name="singleLabels">Whether a name of one label would have done.</param>
    public static string Of(string text, bool singleLabels) =>
        OfOtherKind(text)
        ?? OfWildcard(text)
        ?? OfLabels(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text, singleLabels);

    // Something else was meant than a domain name.
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
        string[] labels = host.Split('.');
        return host.EndsWith('.') ? "must not end with a dot"
            : labels.Length < 2 && (!singleLabels || host.Length == 0) ? "must have at least two labels, such as www.example.com"
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
