using System.Net;
using System.Text.RegularExpressions;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Why a text is no domain name, as the scenarios have such texts. A second opinion in patterns; the first that
/// applies counts.</summary>
internal static partial class DomainReason
{
    public static string Of(string text) =>
        IPAddress.TryParse(text, out _) ? "must be a name, not an address: give addresses as IP_ADDRESS"
        : text.Contains("://", StringComparison.Ordinal) ? "must be a name alone: give URLs as URL"
        : text.Contains('@', StringComparison.Ordinal) ? "must be a name alone: give e-mail addresses as EMAIL_ADDRESS"
        : text.Contains('/', StringComparison.Ordinal) ? "must be a name alone, without a path or prefix length"
        : text.Contains(':', StringComparison.Ordinal) ? "must be a name alone, without a port"
        : WhiteSpace.IsMatch(text) ? "must not have white space"
        : text.Contains('*', StringComparison.Ordinal) && !Wildcard.IsMatch(text)
            ? "may have a wildcard only as all of the left-most label, over at least two more, such as *.example.com"
        : text.EndsWith('.') ? "must not end with a dot"
        : !text.Contains('.', StringComparison.Ordinal) ? "must have at least two labels, such as www.example.com"
        : EmptyLabel.IsMatch(text) ? "must not have an empty label"
        : NotAscii.IsMatch(text) ? "has letters that no domain name may have (RFC 5892)"
        : LongLabel.IsMatch(text) ? "must have at most 63 characters between dots"
        : text.Length > 253 ? "must have at most 253 characters"
        : BadLabel.IsMatch(text) ? "may have only letters, digits and hyphens, with no hyphen at either end, between its dots"
        : "must end with a label of at least two characters that ends with a letter, such as com";

    [GeneratedRegex(@"\s", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace { get; }

    [GeneratedRegex(@"\A\*\.[^*.]+\.[^*]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Wildcard { get; }

    [GeneratedRegex(@"\A\.|\.\.", RegexOptions.CultureInvariant)]
    private static partial Regex EmptyLabel { get; }

    [GeneratedRegex(@"[^\x00-\x7F]", RegexOptions.CultureInvariant)]
    private static partial Regex NotAscii { get; }

    [GeneratedRegex(@"[^.]{64}", RegexOptions.CultureInvariant)]
    private static partial Regex LongLabel { get; }

    // A wildcard was judged before; the last label may have underscores.
    [GeneratedRegex(@"(?<=\A|\.)-|-(?=\.|\z)|[^A-Za-z0-9.*_-]|_(?=.*\.)", RegexOptions.CultureInvariant)]
    private static partial Regex BadLabel { get; }
}
