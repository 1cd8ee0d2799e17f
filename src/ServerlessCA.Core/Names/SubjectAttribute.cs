using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ServerlessCA.Core.Names;

/// <summary>A subject attribute, which requests may set (contract section 5). Immutable.</summary>
public sealed record SubjectAttribute
{
    internal SubjectAttribute(string requestKey, string keyword, AttributeSyntax syntax)
    {
        RequestKey = requestKey;
        Keyword = keyword;
        Syntax = syntax;
    }

    /// <summary>Gets the key in requests, such as <c>common_name</c>.</summary>
    public string RequestKey { get; }

    /// <summary>Gets the keyword in distinguished names, such as <c>CN</c>.</summary>
    public string Keyword { get; }

    /// <summary>Gets the attribute type in dotted decimal.</summary>
    public string Oid => Syntax.Oid;

    /// <summary>Gets the ASN.1 type in which values are written.</summary>
    public NameStringType StringType => Syntax.StringType;

    /// <summary>Gets how many characters (Unicode scalar values) a value may have.</summary>
    public int MaxLength => Syntax.MaxLength;

    /// <summary>Gets which values the attribute accepts.</summary>
    internal AttributeSyntax Syntax { get; }

    /// <summary>Makes an attribute of a value.</summary>
    /// <param name="value">The value, as a request or CSR gives it.</param>
    /// <param name="attribute">The attribute; null when the value is refused.</param>
    /// <param name="why">The reason, such as <c>must be two letters, such as GB</c>; follows the key in a message.</param>
    public bool TryMake(
        string value, [NotNullWhen(true)] out NameAttribute? attribute, [NotNullWhen(false)] out string? why) =>
        Syntax.TryMake(value, out attribute, out why);
}

/// <summary>Lists the seven subject attributes of this CA's certificates (contract section 6).</summary>
public static class SubjectAttributes
{
    // Our decision: RFC 5280 allows 64 or 128 for these, but the original did not check.
    private const int MaxTextLength = 4096;

    /// <summary>CN, which has 1 to 64 characters (RFC 5280 A.1, ub-common-name) and no NUL.</summary>
    public static SubjectAttribute CommonName { get; } =
        new("common_name", "CN", new("2.5.4.3", NameStringType.Utf8String, MaxLength: 64));

    /// <summary>C, which has two characters of PrintableString (RFC 5280 A.1, X520countryName).</summary>
    public static SubjectAttribute Country { get; } =
        new("country", "C", new("2.5.4.6", NameStringType.PrintableString, MaxLength: 2));

    /// <summary>emailAddress, which is ASCII of at most 255 characters (RFC 5280 A.1, ub-emailaddress-length) without
    /// NUL.</summary>
    public static SubjectAttribute EmailAddress { get; } =
        new("email_address", "E", new("1.2.840.113549.1.9.1", NameStringType.Ia5String, MaxLength: 255));

    /// <summary>L, which is text.</summary>
    public static SubjectAttribute Locality { get; } = Text("locality", "L", "2.5.4.7");

    /// <summary>O, which is text.</summary>
    public static SubjectAttribute Organization { get; } = Text("organization", "O", "2.5.4.10");

    /// <summary>OU, which is text.</summary>
    public static SubjectAttribute OrganizationalUnit { get; } = Text("organizational_unit", "OU", "2.5.4.11");

    /// <summary>ST, which is text.</summary>
    public static SubjectAttribute State { get; } = Text("state", "ST", "2.5.4.8");

    /// <summary>Lists all attributes in the order of a subject.</summary>
    public static IReadOnlyList<SubjectAttribute> All { get; } =
        [CommonName, Country, EmailAddress, Locality, Organization, OrganizationalUnit, State];

    /// <summary>Says whether an attribute type is one of them.</summary>
    /// <param name="oid">The attribute type in dotted decimal.</param>
    internal static bool IsKnown(string oid)
    {
        for (int i = 0; i < All.Count; i++)
        {
            if (All[i].Oid == oid)
            {
                return true;
            }
        }

        return false;
    }

    private static SubjectAttribute Text(string requestKey, string keyword, string oid) =>
        new(requestKey, keyword, new(oid, NameStringType.Utf8String, MaxTextLength) { TakesNul = true });
}

/// <summary>Says which values an attribute type accepts, and how they are written (RFC 5280 appendix A.1).</summary>
/// <param name="Oid">The attribute type in dotted decimal.</param>
/// <param name="StringType">The ASN.1 type in which values are written.</param>
/// <param name="MaxLength">How many characters (Unicode scalar values) a value may have.</param>
internal sealed record AttributeSyntax(string Oid, NameStringType StringType, int MaxLength)
{
    private static readonly SearchValues<char> PrintableCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"); // X.680 §41.4

    /// <summary>Says whether a value may hold U+0000, at which careless readers cut a name short.</summary>
    public bool TakesNul { get; init; }

    /// <summary>Makes an attribute of a value.</summary>
    /// <param name="value">Any text, as a caller gives it.</param>
    /// <param name="attribute">The attribute; null when the value is refused.</param>
    /// <param name="why">The reason; follows the attribute's name in a message.</param>
    public bool TryMake(
        string value, [NotNullWhen(true)] out NameAttribute? attribute, [NotNullWhen(false)] out string? why)
    {
        why = !NameString.TryCount(value, out int length) ? "must be well-formed Unicode"
            : StringType == NameStringType.PrintableString ? CheckCode(value)
            : length == 0 ? "must not be empty"
            : length > MaxLength ? $"must have at most {MaxLength} characters"
            : StringType == NameStringType.Ia5String && !Ascii.IsValid(value) ? "must be ASCII"
            : !TakesNul && value.Contains('\0') ? "must not hold a NUL character"
            : null;
        attribute = why is null ? new NameAttribute(Oid, StringType, value) : null;
        return attribute is not null;
    }

    // Only country codes are a PrintableString, and they have a fixed length.
    private string? CheckCode(string value) =>
        value.Length == MaxLength && !value.AsSpan().ContainsAnyExcept(PrintableCharacters)
            ? null
            : "must be two letters, such as GB";
}
