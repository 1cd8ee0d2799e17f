using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ServerlessCA.Core.Names;

/// <summary>What values an attribute type takes, and how they are written (RFC 5280 appendix A.1).</summary>
/// <param name="Oid">The attribute type in dotted decimal.</param>
/// <param name="StringType">The ASN.1 type that values are written in.</param>
/// <param name="MaxLength">Characters (Unicode scalar values) at most.</param>
internal sealed record AttributeSyntax(string Oid, NameStringType StringType, int MaxLength)
{
    private static readonly SearchValues<char> PrintableCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"); // X.680 §41.4

    /// <summary>Whether a value may hold U+0000, which cuts a name short for careless readers.</summary>
    public bool TakesNul { get; init; }

    /// <summary>Makes an attribute of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="attribute">The attribute made.</param>
    /// <param name="why">Why not: goes on after the attribute's name.</param>
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

    // PrintableString is the type of country codes alone, which have a fixed length.
    private string? CheckCode(string value) =>
        value.Length == MaxLength && !value.AsSpan().ContainsAnyExcept(PrintableCharacters)
            ? null
            : "must be two letters, such as GB";
}
