using ServerlessCA.Core.Names;

namespace ServerlessCA.Core.Requests;

/// <summary>The keys of a request (contract section 5). Keys in other case are unknown; unknown keys are ignored, with a warning
/// (contract 12.24).</summary>
public static class RequestKeys
{
    /// <summary>Subject CN.</summary>
    public const string CommonName = "common_name";

    /// <summary>Days.</summary>
    public const string Lifetime = "lifetime";

    /// <summary><c>client_auth</c>, <c>server_auth</c>.</summary>
    public const string Purposes = "purposes";

    /// <summary>Names or OIDs.</summary>
    public const string ExtendedKeyUsages = "extended_key_usages";

    /// <summary>Subject alternative names.</summary>
    public const string Sans = "sans";

    /// <summary>Custom extensions.</summary>
    public const string Extensions = "extensions";

    /// <summary>A file below <c>csrs/</c>.</summary>
    public const string CsrFile = "csr_file";

    /// <summary>Base64 of a PEM CSR.</summary>
    public const string Base64CsrData = "base64_csr_data";

    /// <summary>Allow a key that was used before.</summary>
    public const string ForceIssue = "force_issue";

    /// <summary>Answer the certificate together with the chain.</summary>
    public const string CertBundle = "cert_bundle";

    /// <summary>Answer the chain only.</summary>
    public const string CaChainOnly = "ca_chain_only";

    /// <summary>Remind of the expiry.</summary>
    public const string NotifyExpiry = "notify_expiry";

    /// <summary>Announce the issue.</summary>
    public const string NotifyIssued = "notify_issued";

    /// <summary>The same token answers the same certificate (contract 12.13).</summary>
    public const string IdempotencyToken = "idempotency_token";

    /// <summary>Every key that means something, those of the subject included.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. SubjectAttributes.All.Select(attribute => attribute.RequestKey),
        Lifetime, Purposes, ExtendedKeyUsages, Sans, Extensions, CsrFile, Base64CsrData,
        ForceIssue, CertBundle, CaChainOnly, NotifyExpiry, NotifyIssued, IdempotencyToken,
    ];
}
