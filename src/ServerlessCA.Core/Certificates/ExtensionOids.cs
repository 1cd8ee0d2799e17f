namespace ServerlessCA.Core.Certificates;

/// <summary>Object identifiers of the extensions that this CA writes (RFC 5280 §4.2, §5.2, §5.3).</summary>
public static class ExtensionOids
{
    /// <summary>subjectKeyIdentifier (§4.2.1.2).</summary>
    public const string SubjectKeyIdentifier = "2.5.29.14";

    /// <summary>keyUsage (§4.2.1.3).</summary>
    public const string KeyUsage = "2.5.29.15";

    /// <summary>subjectAltName (§4.2.1.6).</summary>
    public const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>basicConstraints (§4.2.1.9).</summary>
    public const string BasicConstraints = "2.5.29.19";

    /// <summary>cRLNumber (§5.2.3).</summary>
    public const string CrlNumber = "2.5.29.20";

    /// <summary>reasonCode (§5.3.1).</summary>
    public const string ReasonCode = "2.5.29.21";

    /// <summary>cRLDistributionPoints (§4.2.1.13).</summary>
    public const string CrlDistributionPoints = "2.5.29.31";

    /// <summary>certificatePolicies (§4.2.1.4).</summary>
    public const string CertificatePolicies = "2.5.29.32";

    /// <summary>authorityKeyIdentifier (§4.2.1.1).</summary>
    public const string AuthorityKeyIdentifier = "2.5.29.35";

    /// <summary>extKeyUsage (§4.2.1.12).</summary>
    public const string ExtendedKeyUsage = "2.5.29.37";

    /// <summary>authorityInfoAccess (§4.2.2.1).</summary>
    public const string AuthorityInformationAccess = "1.3.6.1.5.5.7.1.1";

    /// <summary>caIssuers, an access method of authorityInfoAccess (§4.2.2.1).</summary>
    public const string CaIssuers = "1.3.6.1.5.5.7.48.2";
}
