using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>A request that may be issued as far as it can be known without the ledger: made only by
/// <see cref="RequestValidator"/>. Immutable.</summary>
public sealed record ValidatedRequest
{
    internal ValidatedRequest()
    {
    }

    /// <summary>Subject CN, 1 to 64 characters, not the name of a CA.</summary>
    public required string CommonName { get; init; }

    /// <summary>The subject as it will stand in the certificate (SPEC section 6).</summary>
    public required DistinguishedName Subject { get; init; }

    /// <summary>Its signature is verified and its key accepted (SPEC 12.1).</summary>
    public required CertificateSigningRequest Csr { get; init; }

    /// <summary>Days, cut to the maximum.</summary>
    public required int LifetimeDays { get; init; }

    /// <summary>OIDs, once each, never empty.</summary>
    public required IReadOnlyList<string> ExtendedKeyUsages { get; init; }

    /// <summary>May be empty: no subjectAltName then.</summary>
    public required IReadOnlyList<GeneralName> Sans { get; init; }

    /// <summary>Allowed by the operator, not reserved, one DER element each.</summary>
    public required IReadOnlyList<CertificateExtension> CustomExtensions { get; init; }

    /// <summary>Allow a key that was used before.</summary>
    public required bool ForceIssue { get; init; }

    /// <summary>Answer the certificate together with the chain.</summary>
    public required bool CertBundle { get; init; }

    /// <summary>Remind of the expiry; absent: as for GitOps.</summary>
    public required bool? NotifyExpiry { get; init; }

    /// <summary>Announce the issue; absent: as for GitOps.</summary>
    public required bool? NotifyIssued { get; init; }

    /// <summary>Of the caller (SPEC 12.13).</summary>
    public required string? IdempotencyToken { get; init; }

    /// <summary>Lower-case hex SHA-256 of the request and the CSR it names: the same for the same request.</summary>
    public required string Hash { get; init; }

    /// <summary>Whether the CSR came from a GitOps folder.</summary>
    public required bool NamesCsrFile { get; init; }

    /// <summary>What was left out of the certificate (SPEC 12.8, 12.24).</summary>
    internal Warnings Warnings { get; init; } = new();
}
