namespace ServerlessCA.Core.Names;

/// <summary>The seven subject attributes of this CA's certificates (contract section 6).</summary>
public static class SubjectAttributes
{
    // Our decision: RFC 5280 has 64 or 128 for these, but the original never asked.
    private const int MaxTextLength = 4096;

    /// <summary>CN: 1 to 64 characters (RFC 5280 A.1, ub-common-name), no NUL.</summary>
    public static SubjectAttribute CommonName { get; } =
        new("common_name", "CN", new("2.5.4.3", NameStringType.Utf8String, MaxLength: 64));

    /// <summary>C: two characters of PrintableString (RFC 5280 A.1, X520countryName).</summary>
    public static SubjectAttribute Country { get; } =
        new("country", "C", new("2.5.4.6", NameStringType.PrintableString, MaxLength: 2));

    /// <summary>emailAddress: ASCII of at most 255 characters (RFC 5280 A.1, ub-emailaddress-length), no NUL.</summary>
    public static SubjectAttribute EmailAddress { get; } =
        new("email_address", "E", new("1.2.840.113549.1.9.1", NameStringType.Ia5String, MaxLength: 255));

    /// <summary>L.</summary>
    public static SubjectAttribute Locality { get; } = Text("locality", "L", "2.5.4.7");

    /// <summary>O.</summary>
    public static SubjectAttribute Organization { get; } = Text("organization", "O", "2.5.4.10");

    /// <summary>OU.</summary>
    public static SubjectAttribute OrganizationalUnit { get; } = Text("organizational_unit", "OU", "2.5.4.11");

    /// <summary>ST.</summary>
    public static SubjectAttribute State { get; } = Text("state", "ST", "2.5.4.8");

    /// <summary>All, in the order of a subject.</summary>
    public static IReadOnlyList<SubjectAttribute> All { get; } =
        [CommonName, Country, EmailAddress, Locality, Organization, OrganizationalUnit, State];

    private static SubjectAttribute Text(string requestKey, string keyword, string oid) =>
        new(requestKey, keyword, new(oid, NameStringType.Utf8String, MaxTextLength) { TakesNul = true });
}
