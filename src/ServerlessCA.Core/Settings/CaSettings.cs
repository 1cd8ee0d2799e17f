namespace ServerlessCA.Core.Settings;

/// <summary>How a deployment is set up (SPEC section 3). Immutable; made by the hosts from environment
/// variables or <c>settings.json</c>.</summary>
public sealed record CaSettings
{
    /// <summary>The deployment's names.</summary>
    public required CaNames Names { get; init; }

    /// <summary>Subject and lifetime of the root CA.</summary>
    public CaInfo RootCaInfo { get; init; } = new() { CommonName = "Serverless Root CA", Lifetime = 7300 };

    /// <summary>Subject and lifetime of the issuing CA.</summary>
    public CaInfo IssuingCaInfo { get; init; } = new() { CommonName = "Serverless Issuing CA", Lifetime = 3650 };

    /// <summary>How long a root CRL is good for.</summary>
    public TimeSpan RootCrlLife { get; init; } = TimeSpan.FromSeconds(86_400 + 600);

    /// <summary>How long an issuing CRL is good for.</summary>
    public TimeSpan IssuingCrlLife { get; init; } = TimeSpan.FromSeconds(86_400 + 600);

    /// <summary>Days at most that an end-entity certificate lives.</summary>
    public int MaxCertLifetime { get; init; } = 365;

    /// <summary>Where CRLs and CA certificates are published (host name), or null when they are not public.</summary>
    public string? PublicDomain { get; init; }

    /// <summary>OIDs of custom extensions that requests may ask for.</summary>
    public IReadOnlyList<string> CustomExtensionAllowlist { get; init; } = [];

    /// <summary>Extended key usages that requests may ask for, as OIDs; empty: all (SPEC 12.14).</summary>
    public IReadOnlyList<string> ExtendedKeyUsageAllowlist { get; init; } = [];

    /// <summary>Whether requests may ask for <c>OCSP_SIGNING</c>, whose holder answers for the issuing CA who is revoked
    /// (SPEC 12.20).</summary>
    public bool AllowOcspSigning { get; init; }

    /// <summary>Whether alternative names may be of one label, such as <c>localhost</c> or <c>db</c>. Off, as in the original,
    /// unless the deployment says otherwise.</summary>
    public bool SingleLabelNames { get; init; }

    /// <summary>Policy OIDs that end-entity certificates assert; empty: no extension (SPEC 12.12).</summary>
    public IReadOnlyList<string> CertificatePolicies { get; init; } = [];

    /// <summary>Days before expiry on which to remind.</summary>
    public IReadOnlyList<int> ExpiryReminders { get; init; } = [30, 15, 7, 1];
}
