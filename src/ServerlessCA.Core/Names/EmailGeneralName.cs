using System.Formats.Asn1;

namespace ServerlessCA.Core.Names;

/// <summary>An rfc822Name: a mailbox in ASCII, its domain in A-labels (RFC 5280 §4.2.1.6). Immutable.</summary>
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

    /// <summary>The address in ASCII, case as given.</summary>
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
        // A second @ is no character of a domain.
        return valid && DnsName.TryParse(text[(at + 1)..], out DnsName? domain) && !domain.IsWildcard
            ? $"{local}@{domain.Value}"
            : null;
    }

    private static bool IsDotAtom(string local) =>
        local.Split('.').All(atom => atom.Length > 0 && atom.All(IsAtomText));

    // atext (RFC 5322 §3.2.3).
    private static bool IsAtomText(char c) =>
        char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal);

    // A quoted string as the original takes it, less its control characters, which RFC 5321 §4.1.2 forbids:
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
