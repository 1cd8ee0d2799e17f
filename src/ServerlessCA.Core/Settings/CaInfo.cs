using System.Text;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Settings;

/// <summary>Holds subject and lifetime of a CA (contract section 3, <c>ROOT_CA_INFO</c>). Immutable.</summary>
public sealed record CaInfo
{
    /// <summary>Gets the attribute CN.</summary>
    public required string CommonName { get; init; }

    /// <summary>Gets the attribute C: two letters.</summary>
    public string? Country { get; init; }

    /// <summary>Gets the attribute ST.</summary>
    public string? State { get; init; }

    /// <summary>Gets the attribute L.</summary>
    public string? Locality { get; init; }

    /// <summary>Gets the attribute O.</summary>
    public string? Organization { get; init; }

    /// <summary>Gets the attribute OU.</summary>
    public string? OrganizationalUnit { get; init; }

    /// <summary>Gets the attribute emailAddress.</summary>
    public string? EmailAddress { get; init; }

    /// <summary>Gets the lifetime in days.</summary>
    public required int Lifetime { get; init; }

    /// <summary>Gets how many CA certificates may follow below this one; null: no limit (RFC 5280 §4.2.1.9).</summary>
    public int? PathLengthConstraint { get; init; }

    /// <summary>Lists the attributes of the subject that have a value, in the order of contract section 6, and the key of
    /// each.</summary>
    internal IEnumerable<(SubjectAttribute Attribute, string Key, string Value)> Attributes =>
        from attribute in ((SubjectAttribute Attribute, string Key, string? Value)[])
        [
            (SubjectAttributes.CommonName, "commonName", CommonName),
            (SubjectAttributes.Country, "country", Country),
            (SubjectAttributes.EmailAddress, "emailAddress", EmailAddress),
            (SubjectAttributes.Locality, "locality", Locality),
            (SubjectAttributes.Organization, "organization", Organization),
            (SubjectAttributes.OrganizationalUnit, "organizationalUnit", OrganizationalUnit),
            (SubjectAttributes.State, "state", State),
        ]
        where !string.IsNullOrEmpty(attribute.Value)
        select (attribute.Attribute, attribute.Key, attribute.Value);
}

/// <summary>Checks the settings of a CA (contract 12.30), on AWS and locally, where a CA is created. A CA that exists keeps its
/// certificate, so its settings are at most worth a warning.</summary>
public static class CaInfoCheck
{
    // Upper bounds in characters (RFC 5280 appendix A.1). C has a fixed length.
    private static readonly Dictionary<string, int> UpperBounds = new(StringComparer.Ordinal)
    {
        [SubjectAttributes.CommonName.Oid] = 64,
        [SubjectAttributes.EmailAddress.Oid] = 255,
        [SubjectAttributes.Locality.Oid] = 128,
        [SubjectAttributes.Organization.Oid] = 64,
        [SubjectAttributes.OrganizationalUnit.Oid] = 64,
        [SubjectAttributes.State.Oid] = 128,
    };

    /// <summary>Returns all problems, each naming the setting and what to do; empty when a CA may be created with it.</summary>
    /// <param name="info">The settings to check.</param>
    /// <param name="setting">Its name: <c>root_ca_info</c> or <c>issuing_ca_info</c>.</param>
    /// <param name="isRoot">Whether it is the root's, below which an issuing CA follows.</param>
    public static IReadOnlyList<string> Problems(CaInfo info, string setting, bool isRoot)
    {
        var problems = new List<string>();
        if (string.IsNullOrEmpty(info.CommonName))
        {
            problems.Add($"{setting}: commonName is missing: give the CA a name");
        }

        foreach ((SubjectAttribute attribute, string key, string value) in info.Attributes)
        {
            if (WhyNot(attribute, value) is { } why)
            {
                problems.Add($"{setting}: {key} {why}");
            }
        }

        if (isRoot && info.PathLengthConstraint < 1)
        {
            problems.Add(
                $"{setting}: pathLengthConstraint is {info.PathLengthConstraint}: below such a root no issuing CA can be signed; give at least 1, or leave it out for no limit");
        }

        return problems;
    }

    // Returns a text that follows the attribute's name; null when the value is good.
    private static string? WhyNot(SubjectAttribute attribute, string value) =>
        !attribute.TryMake(value, out _, out string? why) ? why
        : attribute == SubjectAttributes.Country ? (value.All(char.IsAsciiLetterUpper) ? null : "must be two capital letters, such as GB")
        : value.Any(char.IsControl) ? "must not hold control characters"
        : string.IsNullOrWhiteSpace(value) ? "must not be blank"
        : Length(value) > UpperBounds[attribute.Oid] ? $"has {Length(value)} characters: give at most {UpperBounds[attribute.Oid]} (RFC 5280)"
        : attribute == SubjectAttributes.EmailAddress && !IsAddress(value) ? "must be an e-mail address, such as ca@example.com"
        : null;

    private static int Length(string value) => value.EnumerateRunes().Count();

    // There must be text on both sides of one @, without blanks; more is for mail programs to check.
    private static bool IsAddress(string value) =>
        value.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && Ascii.IsValid(value) && !value.Any(char.IsWhiteSpace);
}
