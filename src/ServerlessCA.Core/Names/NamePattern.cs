using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Core.Names;

/// <summary>A pattern of names, such as <c>*.web.example.com</c>. A <c>*</c> stands for any characters of one label, and so never for a
/// dot; where it is the whole pattern, for any name (our decision). ASCII letters of either case are the same. Immutable.</summary>
public sealed record NamePattern
{
    /// <summary>Stands, as a whole pattern, for any name.</summary>
    public const string Anything = "*";

    /// <summary>Limits the characters of a pattern; our decision: no name of a certificate that it could match is longer.</summary>
    public const int MaxLength = 1024;

    private const string Dots = ".";

    private NamePattern(string text) => Text = text;

    /// <summary>Gets the pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">As an operator wrote it.</param>
    /// <param name="pattern">The pattern; null when the text is refused.</param>
    /// <param name="why">The reason; follows the text in a message.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out NamePattern? pattern, [NotNullWhen(false)] out string? why)
    {
        why = text.Length == 0 ? "must not be empty" : text.Length > MaxLength ? $"must have at most {MaxLength} characters" : null;
        pattern = why is null ? new NamePattern(text) : null;
        return why is null;
    }

    /// <summary>Says whether a name fits. A wildcard name, such as <c>*.example.com</c>, fits only where all names that it stands for
    /// do.</summary>
    public bool Matches(string name) => Text == Anything || Glob.MatchesParts(Text, name, Dots, Glob.IsSameFolded);

    /// <summary>Returns the pattern.</summary>
    public override string ToString() => Text;
}

/// <summary>A pattern of subject alternative names, <c>TYPE:PATTERN</c>: the type as in requests (contract section 5), and for
/// <c>IP_ADDRESS</c> a network. A <c>*</c> alone stands for any name of any type, <c>TYPE:*</c> for any of a type (our decision).
/// Immutable.</summary>
public sealed record SanPattern
{
    private const char Separator = ':';
    private const string AuthorityMark = "://";
    private const string AuthorityEnds = "/?#";
    private const string AuthorityParts = ".:@[]/";
    private const string PathParts = "/?#";
    private const string UrnParts = ":/?#";
    private const string DnParts = ",+=";

    private readonly IpNetwork? network;

    private SanPattern(string type, string value, IpNetwork? network) => (Type, Value, this.network) = (type, value, network);

    /// <summary>Gets the type, such as <c>DNS_NAME</c>; <see cref="NamePattern.Anything"/>: any.</summary>
    public string Type { get; }

    /// <summary>Gets the pattern of the name.</summary>
    public string Value { get; }

    /// <summary>Makes the pattern of host names that a pattern of common names stands for.</summary>
    public static SanPattern OfHosts(NamePattern pattern) => new(DnsGeneralName.TypeName, pattern.Text, null);

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">As an operator wrote it, such as <c>DNS_NAME:*.example.com</c> or <c>IP_ADDRESS:10.0.0.0/8</c>.</param>
    /// <param name="pattern">The pattern; null when the text is refused.</param>
    /// <param name="why">The reason; follows the text in a message.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SanPattern? pattern, [NotNullWhen(false)] out string? why)
    {
        pattern = null;
        if (text == NamePattern.Anything)
        {
            why = null;
            pattern = new SanPattern(NamePattern.Anything, NamePattern.Anything, null);
            return true;
        }

        int separator = text.IndexOf(Separator, StringComparison.Ordinal);
        string? type = GeneralName.TypeOf(text.AsSpan(0, Math.Max(separator, 0)));
        string value = text.AsSpan(separator + 1) is NamePattern.Anything ? NamePattern.Anything : text[(separator + 1)..];
        IpNetwork? network = null;
        why = type is null ? "must begin with DNS_NAME:, IP_ADDRESS:, EMAIL_ADDRESS:, URL: or DN:, such as DNS_NAME:*.example.com"
            : value.Length is 0 or > NamePattern.MaxLength ? $"must have from 1 to {NamePattern.MaxLength} characters behind its type"
            : value == NamePattern.Anything ? null
            : type == IpGeneralName.TypeName ? IpNetwork.TryParse(value, out network, out string? notNetwork) ? null : notNetwork
            : type == EmailGeneralName.TypeName && value.Count(letter => letter == '@') != 1 ? "must have one @, such as EMAIL_ADDRESS:*@example.com"
            : null;
        pattern = why is null ? new SanPattern(type!, value, network) : null;
        return why is null;
    }

    /// <summary>Says whether a name fits, as a certificate has it.</summary>
    public bool Matches(AlternativeName name) => Type == NamePattern.Anything
        || (Type == name.Type && (Value == NamePattern.Anything || Type switch
        {
            DnsGeneralName.TypeName => Glob.MatchesParts(Value, name.Value, ".", Glob.IsSameFolded),
            IpGeneralName.TypeName => IpAddressText.TryParse(name.Value, out byte[]? octets) && network!.Contains(octets),
            EmailGeneralName.TypeName => MatchesMailbox(name.Value),
            UriGeneralName.TypeName => MatchesUri(name.Value),
            DirectoryGeneralName.TypeName => MatchesDirectory(name.Value),
            _ => false,
        }));

    /// <summary>Returns the pattern as it was written.</summary>
    public override string ToString() => Type == NamePattern.Anything ? Type : $"{Type}{Separator}{Value}";

    // What is before the @ has no labels: dots there mean nothing.
    private bool MatchesMailbox(string address)
    {
        int at = address.LastIndexOf('@');
        int atOfPattern = Value.IndexOf('@', StringComparison.Ordinal);
        return at >= 0
            && Glob.Matches(Value.AsSpan(0, atOfPattern), address.AsSpan(0, at), Glob.IsSameFolded)
            && Glob.MatchesParts(Value[(atOfPattern + 1)..], address[(at + 1)..], ".", Glob.IsSameFolded);
    }

    // In the host a star is a label or a part of it, behind it a segment; it never hides user information, a port or a way up.
    // Programs differ in whether they decode a host, and in what a backslash or an encoded slash is to them: none of these fits.
    private bool MatchesUri(string uri)
    {
        (string authority, string path) = CutUri(Value);
        (string authorityOfUri, string pathOfUri) = CutUri(uri);
        string parts = authority.Length == 0 && authorityOfUri.Length == 0 ? UrnParts : PathParts;
        return Glob.MatchesParts(authority, authorityOfUri, AuthorityParts, Glob.IsSameFolded)
            && authorityOfUri.AsSpan().IndexOfAny('%', '\\') < 0
            && !pathOfUri.Split('/').Select(Uri.UnescapeDataString).Any(segment => segment is "." or ".." || segment.AsSpan().IndexOfAny('/', '\\') >= 0)
            && Glob.MatchesParts(path, pathOfUri, parts, (one, other) => one == other);
    }

    private static (string Authority, string Path) CutUri(string uri)
    {
        int mark = uri.IndexOf(AuthorityMark, StringComparison.Ordinal);
        int end = mark < 0 ? 0 : uri.AsSpan(mark + AuthorityMark.Length).IndexOfAny(AuthorityEnds);
        int cut = mark < 0 ? 0 : end < 0 ? uri.Length : mark + AuthorityMark.Length + end;
        return (uri[..cut], uri[cut..]);
    }

    // A backslash could make a separator a part of a value.
    private bool MatchesDirectory(string name) =>
        !name.Contains('\\', StringComparison.Ordinal) && Glob.MatchesParts(Value, name, DnParts, Glob.IsSameFolded);
}

/// <summary>Compares texts with patterns in which <c>*</c> stands for any characters.</summary>
internal static class Glob
{
    /// <summary>Compares part by part: a star stands for none of the separators, which must be the same in both.</summary>
    public static bool MatchesParts(string pattern, string text, ReadOnlySpan<char> separators, Func<char, char, bool> isSame)
    {
        ReadOnlySpan<char> ofPattern = pattern;
        ReadOnlySpan<char> ofText = text;
        while (true)
        {
            int endOfPattern = ofPattern.IndexOfAny(separators);
            int endOfText = ofText.IndexOfAny(separators);
            if (endOfPattern < 0 || endOfText < 0)
            {
                return endOfPattern == endOfText && Matches(ofPattern, ofText, isSame);
            }

            if (ofPattern[endOfPattern] != ofText[endOfText] || !Matches(ofPattern[..endOfPattern], ofText[..endOfText], isSame))
            {
                return false;
            }

            ofPattern = ofPattern[(endOfPattern + 1)..];
            ofText = ofText[(endOfText + 1)..];
        }
    }

    /// <summary>Compares whole texts. Takes at most as many steps as the product of both lengths.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, Func<char, char, bool> isSame)
    {
        int at = 0, from = 0;
        int star = -1;
        int i = 0;
        while (i < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                from = i;
            }
            else if (at < pattern.Length && isSame(pattern[at], text[i]))
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                i = ++from;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }

    /// <summary>Compares characters; ASCII letters of either case are the same.</summary>
    public static bool IsSameFolded(char one, char other) => Fold(one) == Fold(other);

    // Only ASCII: U+212A, the Kelvin sign, would turn into a k.
    private static char Fold(char letter) => char.IsAsciiLetterUpper(letter) ? (char)(letter | 0x20) : letter;
}
