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

/// <summary>The three kinds of certificates of the two tiers (contract section 6).</summary>
public enum CertificateKind
{
    /// <summary>The self-signed root CA.</summary>
    Root,

    /// <summary>The issuing CA, signed by the root.</summary>
    Issuing,

    /// <summary>Everything else, signed by the issuing CA.</summary>
    EndEntity,
}

/// <summary>A certificate is valid a little before its issue, for clients whose clock is slow (contract section 6, 12.28).</summary>
public static class Backdating
{
    /// <summary>How long before.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(5);

    /// <summary>The start of what is issued at a time.</summary>
    public static DateTimeOffset Of(DateTimeOffset issued) => issued - Time;
}

/// <summary>That a CA issues only while its certificate is valid (contract 12.10, 12.28). Use cases refuse before; this is the
/// last line.</summary>
internal static class IssuerLife
{
    /// <exception cref="ArgumentException">The issuer's certificate is over at this time, or has not begun.</exception>
    public static void ThrowUnlessValid(Certificate issuer, DateTimeOffset now)
    {
        if (issuer.NotAfter < now || now < issuer.NotBefore)
        {
            throw new ArgumentException($"the issuer's certificate is valid from {issuer.NotBefore:u} to {issuer.NotAfter:u}", nameof(issuer));
        }
    }
}
