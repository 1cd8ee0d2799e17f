using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Inventory;

/// <summary>Holds what a row is searched by that needs its certificate, so that a ledger can store it beside the row. Whoever
/// compares it with a filter takes what <see cref="InventoryFilter.Takes"/> takes. Immutable.</summary>
public sealed record SearchKeys
{
    /// <summary>Stands before, between and after the parts of <see cref="AlternativeNames"/> and <see cref="Usages"/>, and in none
    /// of them.</summary>
    public const char Separator = '\n';

    /// <summary>Gets the common name, folded (<see cref="SearchText.Fold"/>).</summary>
    public required string Name { get; init; }

    /// <summary>Gets the alternative names, folded, between separators; null: it has none, or cannot be read.</summary>
    public string? AlternativeNames { get; private init; }

    /// <summary>Gets the OIDs of the extended key usages, between separators; null: it has none, or cannot be read.</summary>
    public string? Usages { get; private init; }

    /// <summary>Gets the identifier of the key that signed, hex, where the row itself does not say
    /// (<see cref="CertificateRecord.IssuerKeyId"/>); else null.</summary>
    public string? IssuedBy { get; private init; }

    /// <summary>Reads them from a row.</summary>
    public static SearchKeys Of(CertificateRecord record) => new()
    {
        Name = SearchText.Fold(record.CommonName),
        AlternativeNames = record.Certificate is { } named ? Joined(AlternativeNamesOf(named)) : null,
        Usages = record.Certificate is { } used ? Joined(used.ExtendedKeyUsages) : null,
        IssuedBy = record.IssuerKeyId is null && record.Certificate is { } signed ? IssuerKeyIdOf(signed) : null,
    };

    /// <summary>Says whether one of the alternative names has the form of a pattern.</summary>
    /// <param name="names">As <see cref="AlternativeNames"/>.</param>
    /// <param name="pattern">As <see cref="InventoryFilter.AlternativeName"/>, folded.</param>
    public static bool AnyMatches(string names, string pattern)
    {
        ReadOnlySpan<char> all = names.AsSpan(1, names.Length - 2);
        foreach (Range name in all.Split(Separator))
        {
            if (WildcardText.MatchesFolded(pattern, all[name]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the values of the alternative names, folded; a separator in them, which only hostile ones have, is
    /// replaced.</summary>
    internal static IEnumerable<string> AlternativeNamesOf(Certificate certificate) =>
        (certificate.AlternativeNames ?? []).Select(name => SearchText.Fold(name.Value).Replace(Separator, '\uFFFD'));

    /// <summary>Returns the identifier of the key that signed, hex; null when the certificate names none. A root names no key but
    /// its own, or none at all.</summary>
    internal static string? IssuerKeyIdOf(Certificate certificate) => certificate.AuthorityKeyId
        ?? (certificate.SubjectKeyIdentifier is { } own && certificate.IssuerDer.Span.SequenceEqual(certificate.SubjectDer.Span) ? Convert.ToHexStringLower(own.Span) : null);

    private static string? Joined(IEnumerable<string> parts) =>
        parts.Any() ? $"{Separator}{string.Join(Separator, parts)}{Separator}" : null;
}

/// <summary>Folds and orders texts for searches, in the same way in every ledger.</summary>
public static class SearchText
{
    /// <summary>Folds a text so that case does not count: every letter becomes its capital by Unicode's simple mapping.</summary>
    public static string Fold(string text) => text.ToUpperInvariant();

    /// <summary>Compares by code points, which is the order of the octets of UTF-8, as stores have it.</summary>
    public static int Compare(string a, string b)
    {
        int common = a.AsSpan().CommonPrefixLength(b);
        return common == a.Length || common == b.Length ? a.Length.CompareTo(b.Length) : Rank(a[common]).CompareTo(Rank(b[common]));
    }

    // Halves of pairs stand for code points above all others.
    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + char.MaxValue : unit;
}

/// <summary>Compares texts with a pattern in which each <c>*</c> stands for any characters, also none.</summary>
public static class WildcardText
{
    /// <summary>Says whether a whole text has the form of a pattern, in any case. The time is at most the product of both
    /// lengths.</summary>
    /// <param name="pattern">Characters that stand for themselves, and stars.</param>
    /// <param name="text">The text to compare.</param>
    public static bool Matches(string pattern, string text) => MatchesFolded(SearchText.Fold(pattern), SearchText.Fold(text));

    /// <summary>Says the same of texts that are folded (<see cref="SearchText.Fold"/>).</summary>
    internal static bool MatchesFolded(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int at = 0;
        int inPattern = 0;
        int star = -1;
        int resumeAt = 0;
        while (at < text.Length)
        {
            if (inPattern < pattern.Length && pattern[inPattern] == '*')
            {
                star = inPattern++;
                resumeAt = at;
            }
            else if (inPattern < pattern.Length && pattern[inPattern] == text[at])
            {
                inPattern++;
                at++;
            }
            else if (star >= 0)
            {
                inPattern = star + 1;
                at = ++resumeAt; // the last star takes one character more
            }
            else
            {
                return false;
            }
        }

        return pattern[inPattern..].TrimStart('*').IsEmpty;
    }
}
