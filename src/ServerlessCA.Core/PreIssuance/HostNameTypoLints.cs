using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints of domains that look mistyped.</summary>
internal static class HostNameTypoLints
{
    private const int MaxCompared = 200; // names that are compared with each other; our decision: the time is the square
    private const int MinLength = 5; // letters of a label; our decision: short labels differ by one letter on purpose

    private static readonly string[] WrongFirstLabels = ["ww", "wwww", "wwwww", "wvw"];

    // None of them is a top-level domain (IANA root zone database); each is a slip of the fingers from one, or from a private one.
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
            Explanation = "Two names differ by one letter, or by two that changed places, in one label: one of them is probably mistyped. "
                + "Numbers, and endings of one letter, are taken for what tells hosts apart.",
            Advice = "correct the wrong one",
            Check = planned => NearPairs(planned).Select(pair => $"{HostNameLints.Quoted(pair.One)} and {HostNameLints.Quoted(pair.Other)} differ by one letter"),
        },
        new("san-www-typo", LintSeverity.Warning, "our decision")
        {
            Explanation = "A name begins with www twice, or with what is nearly www.",
            Advice = "correct it",
            Check = planned => planned.DnsNames.Where(IsNearlyWww).Select(name => $"{HostNameLints.Quoted(name)} does not begin with www once"),
        },
        new("san-tld-repeated", LintSeverity.Warning, "our decision")
        {
            Explanation = "A name ends with the same label twice, as example.com.com does.",
            Advice = "take one out",
            Check = planned => planned.DnsNames.Where(name => name.Split('.') is [_, .., var last, var end] && last.Equals(end, StringComparison.OrdinalIgnoreCase))
                .Select(name => $"{HostNameLints.Quoted(name)} ends with '{HostNameLints.LastLabel(name)}' twice"),
        },
        new("san-tld-typo", LintSeverity.Warning, "IANA root zone database")
        {
            Explanation = "A name ends with what is no top-level domain, but nearly one: .con, .ogr, .intenral.",
            Advice = "correct it",
            Check = planned => planned.DnsNames.Where(name => WrongDomains.ContainsKey(HostNameLints.LastLabel(name)) && name.Contains('.', StringComparison.Ordinal))
                .Select(name => $"{HostNameLints.Quoted(name)} ends with '.{HostNameLints.LastLabel(name)}', did you mean '.{WrongDomains[HostNameLints.LastLabel(name)]}'"),
        },
        new("san-mixed-scripts", LintSeverity.Warning, "UTS 39 §5.1")
        {
            Explanation = "A label mixes Latin letters with Greek or Cyrillic ones that look alike: it may pass for another domain.",
            Advice = "make sure that every letter is meant",
            Check = planned => planned.DnsNames.SelectMany(name => name.Split('.')).Distinct(StringComparer.OrdinalIgnoreCase).Where(MixesScripts)
                .Select(label => $"the label {HostNameLints.Quoted(label)} mixes Latin letters with others that look alike"),
        },
    ];

    private static IEnumerable<(string One, string Other)> NearPairs(PlannedCertificate planned)
    {
        string[] own = HostNameLints.IsHost(planned.CommonName) ? [planned.CommonName] : [];
        string[] names = [.. own.Concat(planned.DnsNames).Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Take(MaxCompared)];
        return from i in Enumerable.Range(0, names.Length)
               from j in Enumerable.Range(i + 1, names.Length - i - 1)
               where AreNear(names[i].Split('.'), names[j].Split('.'))
               select (names[i], names[j]);
    }

    private static bool AreNear(string[] one, string[] other) =>
        one.Length == other.Length
        && one.Zip(other).Where(pair => pair.First != pair.Second).Take(2).ToArray() is [var (a, b)]
        && IsSlip(a, b);

    // A slip of the fingers: two letters that changed places, or one that is wrong, missing or too many inside the label. What
    // begins or ends with another letter may be another host, as db-a and db-b are.
    private static bool IsSlip(string a, string b) =>
        Math.Min(a.Length, b.Length) >= MinLength && Digits(a) == Digits(b) && Suggestion.Distance(a, b) == 1
        && (IsAnagram(a, b) || (a[0] == b[0] && a[^1] == b[^1]));

    private static bool IsAnagram(string a, string b) => a.Order().SequenceEqual(b.Order());

    private static string Digits(string label) => string.Concat(label.Where(char.IsAsciiDigit));

    private static bool IsNearlyWww(string name) =>
        name.StartsWith("www.www.", StringComparison.OrdinalIgnoreCase)
        || (name.Split('.') is [var first, _, _, ..] && WrongFirstLabels.Contains(first.ToLowerInvariant()));

    private static bool MixesScripts(string label)
    {
        if (!label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) || !InternationalLabel.TryToUnicode(label, out string? unicode))
        {
            return false;
        }

        bool isLatin = unicode.Any(c => char.IsAsciiLetter(c) || c is >= '\u00c0' and <= '\u024f');
        return isLatin && unicode.Any(c => c is >= '\u0370' and <= '\u052f'); // Greek and Coptic, Cyrillic and its supplement
    }
}
