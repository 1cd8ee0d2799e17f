using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints that find domains which look mistyped.</summary>
internal static class HostNameTypoLints
{
    private const int MaxCompared = 200; // names that are compared with each other; our decision: the time grows with the square
    private const string ALabel = "xn--"; // RFC 5890 §2.3.1
    private const int MinLength = 5; // letters of a label; our decision: short labels differ by one letter on purpose

    private static readonly string[] WrongFirstLabels = ["ww", "wwww", "wwwww", "wvw"];

    // None of them is a top-level domain (IANA root zone database); each is a usual typing error for one, or for a private one.
    private static readonly Dictionary<string, string> WrongDomains = new(StringComparer.Ordinal)
    {
        ["con"] = "com", ["cmo"] = "com", ["ocm"] = "com", ["comm"] = "com", ["coom"] = "com", ["cpm"] = "com", ["vom"] = "com", ["xom"] = "com",
        ["nte"] = "net", ["ner"] = "net", ["nett"] = "net", ["ogr"] = "org", ["rog"] = "org", ["orgg"] = "org",
        ["lcoal"] = "local", ["loacl"] = "local", ["locla"] = "local", ["intenral"] = "internal", ["interal"] = "internal", ["internl"] = "internal",
    };

    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        new("san-near-duplicate", LintSeverity.Warning, "our decision")
        {
            Explanation = "Two names differ in one label by one letter, or by two letters that changed places: one of the names is probably mistyped. "
                + "Labels that differ by a number, or by their first or last letter, count as names of different hosts.",
            Advice = "correct the wrong one",
            Check = planned => IsAlone(planned) ? [] : NearPairs(planned).Select(pair => $"{HostNameLints.Quoted(pair.One)} and {HostNameLints.Quoted(pair.Other)} differ by one letter"),
        },
        new("san-www-typo", LintSeverity.Warning, "our decision")
        {
            Explanation = "A name begins with www twice, or with a label that is nearly www.",
            Advice = "correct it",
            Check = planned => LintTexts.Of(
                planned.DnsNames, IsNearlyWww,
                name => $"{HostNameLints.Quoted(name)} begins with a mistyped 'www'"),
        },
        new("san-tld-repeated", LintSeverity.Warning, "our decision")
        {
            Explanation = "A name ends with the same label twice, as example.com.com does.",
            Advice = "remove one of them",
            Check = planned => LintTexts.Of(
                planned.DnsNames, EndsTwice,
                name => $"{HostNameLints.Quoted(name)} ends with '{HostNameLints.LastLabel(name)}' twice"),
        },
        new("san-tld-typo", LintSeverity.Warning, "IANA root zone database")
        {
            Explanation = "A name ends with a label that is not a top-level domain, but nearly one, such as .con, .ogr or .intenral.",
            Advice = "correct it",
            Check = planned => LintTexts.Of(
                planned.DnsNames, name => WrongDomains.ContainsKey(HostNameLints.LastLabel(name)) && name.Contains('.', StringComparison.Ordinal),
                name => $"{HostNameLints.Quoted(name)} ends with '.{HostNameLints.LastLabel(name)}', which looks like '.{WrongDomains[HostNameLints.LastLabel(name)]}'"),
        },
        new("san-mixed-scripts", LintSeverity.Warning, "UTS 39 §5.1")
        {
            Explanation = "A label mixes Latin letters with Greek or Cyrillic ones that look alike: people may take it for another domain.",
            Advice = "make sure that every letter is intended",
            Check = planned => LintTexts.Of(
                [.. planned.DnsNames.Where(name => name.Contains(ALabel, StringComparison.OrdinalIgnoreCase))
                    .SelectMany(name => name.Split('.')).Distinct(StringComparer.OrdinalIgnoreCase)],
                MixesScripts,
                label => $"the label {HostNameLints.Quoted(label)} mixes Latin letters with others that look alike"),
        },
    ];

    // Most certificates have the common name as their only domain.
    private static bool IsAlone(PlannedCertificate planned) => planned.DnsNames.Count == 0
        || (planned.DnsNames.Count == 1 && planned.DnsNames[0].Equals(planned.CommonName, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<(string One, string Other)> NearPairs(PlannedCertificate planned)
    {
        string[] own = HostNameLints.IsHost(planned.CommonName) ? [planned.CommonName] : [];
        string[] names = [.. own.Concat(planned.DnsNames).Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Take(MaxCompared)];
        string[][] labels = [.. names.Select(name => name.Split('.'))];
        return from i in Enumerable.Range(0, names.Length)
               from j in Enumerable.Range(i + 1, names.Length - i - 1)
               where AreNear(labels[i], labels[j])
               select (names[i], names[j]);
    }

    private static bool AreNear(string[] one, string[] other) =>
        one.Length == other.Length && OnlyDifference(one, other) is { } place && IsTypingError(one[place], other[place]);

    // The place of the only label that differs; null when none or several do.
    private static int? OnlyDifference(string[] one, string[] other)
    {
        int? place = null;
        for (int i = 0; i < one.Length; i++)
        {
            if (one[i] != other[i])
            {
                if (place is not null)
                {
                    return null;
                }

                place = i;
            }
        }

        return place;
    }

    // A typing error swaps two letters, or makes one wrong, missing or too many inside the label. A label that begins or ends with
    // another letter may be the name of another host, such as db-a and db-b.
    private static bool IsTypingError(string a, string b) =>
        Math.Min(a.Length, b.Length) >= MinLength && Digits(a) == Digits(b) && Suggestion.Distance(a, b) == 1
        && (IsAnagram(a, b) || (a[0] == b[0] && a[^1] == b[^1]));

    private static bool IsAnagram(string a, string b) => a.Order().SequenceEqual(b.Order());

    private static string Digits(string label) => string.Concat(label.Where(char.IsAsciiDigit));

    private static bool EndsTwice(string name)
    {
        int end = name.LastIndexOf('.');
        int last = end < 0 ? -1 : name.LastIndexOf('.', Math.Max(end - 1, 0));
        return last >= 0 && last < end && name.AsSpan(last + 1, end - last - 1).Equals(name.AsSpan(end + 1), StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsNearlyWww(string name) =>
        name.StartsWith("www.www.", StringComparison.OrdinalIgnoreCase)
        || (name.AsSpan().Count('.') > 1 && WrongFirstLabels.Contains(name[..name.IndexOf('.', StringComparison.Ordinal)], StringComparer.OrdinalIgnoreCase));

    private static bool MixesScripts(string label)
    {
        if (!label.StartsWith(ALabel, StringComparison.OrdinalIgnoreCase) || !InternationalLabel.TryToUnicode(label, out string? unicode))
        {
            return false;
        }

        bool isLatin = unicode.Any(c => char.IsAsciiLetter(c) || c is >= '\u00c0' and <= '\u024f');
        return isLatin && unicode.Any(c => c is >= '\u0370' and <= '\u052f'); // Greek and Coptic, Cyrillic and its supplement
    }
}
