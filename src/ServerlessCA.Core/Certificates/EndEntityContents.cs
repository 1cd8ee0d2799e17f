using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.Certificates;

/// <summary>What a validated request wants in its certificate. Immutable.</summary>
/// <param name="SubjectDer">The subject's name, DER, not empty.</param>
/// <param name="SubjectKey">The key of the CSR.</param>
/// <param name="LifetimeDays">Days, at least 1.</param>
/// <param name="ExtendedKeyUsages">Dotted OIDs, at least one, each once, in order.</param>
/// <param name="Policies">Dotted OIDs of the policies to assert; empty: no extension.</param>
/// <param name="CustomExtensions">None of those that the CA controls, each OID once, in order.</param>
/// <param name="SubjectAlternativeName">The value of the extension, DER GeneralNames; null: no extension.</param>
public sealed record EndEntityContents(
    ReadOnlyMemory<byte> SubjectDer,
    PublicKey SubjectKey,
    int LifetimeDays,
    IReadOnlyList<string> ExtendedKeyUsages,
    IReadOnlyList<string> Policies,
    IReadOnlyList<CertificateExtension> CustomExtensions,
    ReadOnlyMemory<byte>? SubjectAlternativeName)
{
    /// <summary>Whether the operator lets certificates have the usage <c>OCSP_SIGNING</c> (SPEC 12.20).</summary>
    public bool AllowsOcspSigning { get; init; }
}
