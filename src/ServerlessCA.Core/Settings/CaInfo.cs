using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Settings;

/// <summary>Subject and lifetime of a CA (contract section 3, <c>ROOT_CA_INFO</c>). Immutable.</summary>
public sealed record CaInfo
{
    /// <summary>CN.</summary>
    public required string CommonName { get; init; }

    /// <summary>C: two letters.</summary>
    public string? Country { get; init; }

    /// <summary>ST.</summary>
    public string? State { get; init; }

    /// <summary>L.</summary>
    public string? Locality { get; init; }

    /// <summary>O.</summary>
    public string? Organization { get; init; }

    /// <summary>OU.</summary>
    public string? OrganizationalUnit { get; init; }

    /// <summary>emailAddress.</summary>
    public string? EmailAddress { get; init; }

    /// <summary>Days.</summary>
    public required int Lifetime { get; init; }

    /// <summary>CA certificates that may follow below this one; absent: no limit (RFC 5280 §4.2.1.9).</summary>
    public int? PathLengthConstraint { get; init; }

    /// <summary>The attributes of the subject that have a value, in the order of contract section 6, and the key of each.</summary>
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
