using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Certificates;

/// <summary>Everything that a certificate will say, ready to be signed. Immutable; made by
/// <see cref="RootCertificate"/>, <see cref="IssuingCertificate"/> and <see cref="EndEntityCertificate"/>.</summary>
public sealed record CertificateTemplate
{
    /// <summary>Which of the three kinds it is.</summary>
    public required CertificateKind Kind { get; init; }

    /// <summary>The serial number.</summary>
    public required SerialNumber SerialNumber { get; init; }

    /// <summary>The issuer's name, DER: the very bytes of its certificate's subject.</summary>
    public required ReadOnlyMemory<byte> IssuerDer { get; init; }

    /// <summary>UTC, whole seconds.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>UTC, whole seconds; the last second of validity.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The subject's name, DER.</summary>
    public required ReadOnlyMemory<byte> SubjectDer { get; init; }

    /// <summary>The subject's key.</summary>
    public required PublicKey SubjectKey { get; init; }

    /// <summary>In the order in which they are written.</summary>
    public required IReadOnlyList<CertificateExtension> Extensions { get; init; }

    /// <summary>Whether the operator lets certificates have the usage <c>OCSP_SIGNING</c> (contract 12.20).</summary>
    public bool AllowsOcspSigning { get; init; }
}
