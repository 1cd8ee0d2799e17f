using System.Globalization;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.PreIssuance;

/// <summary>Lints that check the subject.</summary>
internal static class SubjectLints
{
    // The defaults of OpenSSL (openssl.cnf) and other programs, and what people write when a field must not be empty.
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
            Explanation = "The country is not a code of ISO 3166-1. Strict programs refuse the certificate.",
            Advice = "use the code of two letters, such as GB for the United Kingdom",
            Check = planned => LintTexts.Of(
                Countries(planned), code => !CountryCodes.Contains(code.ToUpperInvariant()),
                code => $"the country {HostNameLints.Quoted(code)} is not a code of ISO 3166-1"),
        },
        new("country-lower-case", LintSeverity.Notice, "ISO 3166-1")
        {
            Explanation = "The country has lower-case letters. Most programs accept it, but some compare names letter by letter.",
            Advice = "write it in upper case",
            Check = planned => LintTexts.Of(
                Countries(planned), code => CountryCodes.Contains(code.ToUpperInvariant()) && !CountryCodes.Contains(code),
                code => $"the country {HostNameLints.Quoted(code)} has lower-case letters"),
        },
        new("subject-placeholder", LintSeverity.Warning, "CA/B BR 1.6.4 §7.1.4.2")
        {
            Explanation = "A part of the subject says nothing: it is a dash, n/a, or the default of a program, such as Internet Widgits Pty Ltd.",
            Advice = "leave it out, or give the real value",
            Check = planned => LintTexts.Of(
                planned.Attributes, attribute => Placeholders.Contains(attribute.Value.Trim()),
                attribute => $"{NameOf(attribute)} is {HostNameLints.Quoted(attribute.Value)}, which says nothing"),
        },
        new("subject-white-space", LintSeverity.Warning, "RFC 5280 §7.1")
        {
            Explanation = "A part of the subject begins or ends with white space, or has several white spaces in a row. People do not see it, but programs that compare names may.",
            Advice = "remove it",
            Check = planned => LintTexts.Of(
                planned.Attributes, attribute => HasOddSpace(attribute.Value),
                attribute => $"{NameOf(attribute)} {HostNameLints.Quoted(attribute.Value)} has extra white space"),
        },
        new("subject-control-character", LintSeverity.Warning, "RFC 4518 §2.2")
        {
            Explanation = "A part of the subject has an invisible character: people see another name than programs do.",
            Advice = "remove it",
            Check = planned => LintTexts.Of(
                planned.Attributes, attribute => FindInvisible(attribute.Value) is not null,
                attribute => $"{NameOf(attribute)} has the invisible character {CodeOf(FindInvisible(attribute.Value)!.Value)}"),
        },
        new("subject-too-long", LintSeverity.Warning, "RFC 5280 A.1")
        {
            Explanation = "A part of the subject is longer than RFC 5280 allows: 64 characters for organization and organizational_unit, 128 for locality and state. Strict programs refuse the certificate.",
            Advice = "shorten it",
            Check = planned => LintTexts.Of(
                planned.Attributes, attribute => CountOf(attribute) > MostOf(attribute),
                attribute => string.Create(CultureInfo.InvariantCulture, $"{NameOf(attribute)} has {CountOf(attribute)} characters, {MostOf(attribute)} at most")),
        },
        new("cn-email", LintSeverity.Notice, "RFC 5280 §4.1.2.6")
        {
            Explanation = "The common name is an e-mail address. Programs look for such addresses among the alternative names.",
            Advice = "add it to sans with the type EMAIL_ADDRESS",
            Check = planned => IsEmail(planned.CommonName) && !HasEmail(planned, planned.CommonName)
                ? [$"the common name {HostNameLints.Quoted(planned.CommonName)} is an e-mail address, but not among the alternative names"] : [],
        },
        new("email-not-in-san", LintSeverity.Notice, "RFC 5280 §4.1.2.6")
        {
            Explanation = "The subject has an e-mail address that is not among the alternative names, where RFC 5280 requires it.",
            Advice = "add it to sans with the type EMAIL_ADDRESS",
            Check = planned => LintTexts.Of(
                ValuesOf(planned, SubjectAttributes.EmailAddress), address => !HasEmail(planned, address),
                address => $"the subject's e-mail address {HostNameLints.Quoted(address)} is not among the alternative names"),
        },
    ];

    private static IReadOnlyList<string> Countries(PlannedCertificate planned) => ValuesOf(planned, SubjectAttributes.Country);

    private static IReadOnlyList<string> ValuesOf(PlannedCertificate planned, SubjectAttribute attribute) =>
        planned.Subject.Has(attribute.Oid) ? [.. planned.Subject.Values(attribute.Oid)] : [];

    private static int CountOf(NameAttribute attribute) => NameString.TryCount(attribute.Value, out int count) ? count : attribute.Value.Length;

    private static int MostOf(NameAttribute attribute) => UpperBounds.GetValueOrDefault(attribute.Oid, int.MaxValue);

    private static string NameOf(NameAttribute attribute) =>
        SubjectAttributes.All.FirstOrDefault(known => known.Oid == attribute.Oid)?.RequestKey ?? attribute.Oid;

    private static bool HasOddSpace(string value)
    {
        bool wasSpace = true; // as if one stood before the value
        foreach (char c in value)
        {
            bool isSpace = char.IsWhiteSpace(c);
            if (isSpace && wasSpace)
            {
                return true;
            }

            wasSpace = isSpace;
        }

        return wasSpace && value.Length > 0;
    }

    private static bool IsInvisible(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;

    private static char? FindInvisible(string value)
    {
        foreach (char c in value)
        {
            if (IsInvisible(c))
            {
                return c;
            }
        }

        return null;
    }

    private static string CodeOf(char c) => string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}");

    private static bool IsEmail(string text) => GeneralName.TryParse(EmailGeneralName.TypeName, text, out _, out _);

    private static bool HasEmail(PlannedCertificate planned, string address) =>
        planned.ValuesOf(EmailGeneralName.TypeName).Contains(address, StringComparer.OrdinalIgnoreCase);
}
