using System.Globalization;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints of the subject's name.</summary>
internal static class SubjectLints
{
    // What OpenSSL's and other programs' questions are answered with by whoever only presses return (openssl.cnf), and what people
    // write where they have nothing to say.
    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        ".", "-", "--", "?", "n/a", "na", "none", "null", "undefined", "unknown", "tbd", "todo", "xxx", "changeme", "change me",
        "Some-State", "Internet Widgits Pty Ltd", "Default City", "Default Company Ltd", "My Company", "MyCompany", "Your Company", "Company Name",
    };

    // RFC 5280 A.1: ub-locality-name and ub-state-name are 128, ub-organization-name and ub-organizational-unit-name 64.
    private static readonly Dictionary<string, int> UpperBounds = new(StringComparer.Ordinal)
    {
        [SubjectAttributes.Locality.Oid] = 128,
        [SubjectAttributes.State.Oid] = 128,
        [SubjectAttributes.Organization.Oid] = 64,
        [SubjectAttributes.OrganizationalUnit.Oid] = 64,
    };

    public static IReadOnlyList<PreIssuanceLint> All { get; } =
    [
        new("country-unknown", LintSeverity.Warning, "X.520 §6.3.1, ISO 3166-1")
        {
            Explanation = "The country is no code of ISO 3166-1. Strict programs refuse it, and people read another country.",
            Advice = "give the code of two letters, such as GB for the United Kingdom",
            Check = planned => Countries(planned).Where(code => !CountryCodes.Contains(code.ToUpperInvariant()))
                .Select(code => $"the country {HostNameLints.Quoted(code)} is no code of ISO 3166-1"),
        },
        new("country-lower-case", LintSeverity.Notice, "ISO 3166-1")
        {
            Explanation = "The country has lower-case letters. Most programs take it, but names are compared with it.",
            Advice = "write it in upper case",
            Check = planned => Countries(planned).Where(code => CountryCodes.Contains(code.ToUpperInvariant()) && !CountryCodes.Contains(code))
                .Select(code => $"the country {HostNameLints.Quoted(code)} has lower-case letters"),
        },
        new("subject-placeholder", LintSeverity.Warning, "CA/B BR 1.6.4 §7.1.4.2")
        {
            Explanation = "A part of the subject says nothing: a dash, n/a, or what OpenSSL suggests, such as Internet Widgits Pty Ltd.",
            Advice = "leave it out, or give the real one",
            Check = planned => Attributes(planned).Where(attribute => Placeholders.Contains(attribute.Value.Trim()))
                .Select(attribute => $"{NameOf(attribute)} is {HostNameLints.Quoted(attribute.Value)}"),
        },
        new("subject-white-space", LintSeverity.Warning, "RFC 5280 §7.1")
        {
            Explanation = "A part of the subject begins or ends with white space, or has more of it in a row: it looks like another name, and is compared with it differently.",
            Advice = "take it out",
            Check = planned => Attributes(planned).Where(attribute => HasOddSpace(attribute.Value))
                .Select(attribute => $"{NameOf(attribute)} {HostNameLints.Quoted(attribute.Value)} has white space at an end or in a row"),
        },
        new("subject-control-character", LintSeverity.Warning, "RFC 4518 §2.2")
        {
            Explanation = "A part of the subject has a control or an invisible character: people see another name than programs.",
            Advice = "take it out",
            Check = planned => Attributes(planned).Where(attribute => attribute.Value.Any(IsInvisible))
                .Select(attribute => $"{NameOf(attribute)} has the character {CodeOf(attribute.Value.First(IsInvisible))}"),
        },
        new("subject-too-long", LintSeverity.Warning, "RFC 5280 A.1")
        {
            Explanation = "A part of the subject is longer than RFC 5280 lets it be: 64 characters of O and OU, 128 of L and ST. Strict programs refuse it.",
            Advice = "shorten it",
            Check = planned => from attribute in Attributes(planned)
                               let most = UpperBounds.GetValueOrDefault(attribute.Oid, int.MaxValue)
                               let length = attribute.Value.EnumerateRunes().Count()
                               where length > most
                               select string.Create(CultureInfo.InvariantCulture, $"{NameOf(attribute)} has {length} characters, {most} at most"),
        },
        new("cn-email", LintSeverity.Notice, "RFC 5280 §4.1.2.6")
        {
            Explanation = "The common name is an e-mail address. Programs look for addresses among the alternative names.",
            Advice = "name it in sans with the type EMAIL_ADDRESS, too",
            Check = planned => IsEmail(planned.CommonName) && !HasEmail(planned, planned.CommonName)
                ? [$"the common name {HostNameLints.Quoted(planned.CommonName)} is an e-mail address, and none of the alternative names"] : [],
        },
        new("email-not-in-san", LintSeverity.Notice, "RFC 5280 §4.1.2.6")
        {
            Explanation = "The subject has an e-mail address that is none of the alternative names, where RFC 5280 wants it.",
            Advice = "name it in sans with the type EMAIL_ADDRESS",
            Check = planned => planned.Subject.Values(SubjectAttributes.EmailAddress.Oid).Where(address => !HasEmail(planned, address))
                .Select(address => $"the subject's address {HostNameLints.Quoted(address)} is none of the alternative names"),
        },
    ];

    private static IEnumerable<string> Countries(PlannedCertificate planned) => planned.Subject.Values(SubjectAttributes.Country.Oid);

    private static IEnumerable<NameAttribute> Attributes(PlannedCertificate planned) => planned.Subject.Rdns.SelectMany(rdn => rdn);

    private static string NameOf(NameAttribute attribute) =>
        SubjectAttributes.All.FirstOrDefault(known => known.Oid == attribute.Oid)?.RequestKey ?? attribute.Oid;

    private static bool HasOddSpace(string value) =>
        value.Length > 0 && (char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1])
        || value.Zip(value.Skip(1)).Any(pair => char.IsWhiteSpace(pair.First) && char.IsWhiteSpace(pair.Second)));

    private static bool IsInvisible(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;

    private static string CodeOf(char c) => string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}");

    private static bool IsEmail(string text) => GeneralName.TryParse(EmailGeneralName.TypeName, text, out _, out _);

    private static bool HasEmail(PlannedCertificate planned, string address) =>
        planned.ValuesOf(EmailGeneralName.TypeName).Contains(address, StringComparer.OrdinalIgnoreCase);
}
