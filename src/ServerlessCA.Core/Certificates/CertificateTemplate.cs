using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Certificates;

/// <summary>Holds everything that a certificate will say, ready to be signed. Made by <see cref="RootCertificate"/>,
/// <see cref="IssuingCertificate"/> and <see cref="EndEntityCertificate"/>. Immutable.</summary>
public sealed record CertificateTemplate
{
    /// <summary>Gets which of the three kinds it is.</summary>
    public required CertificateKind Kind { get; init; }

    /// <summary>Gets the serial number.</summary>
    public required SerialNumber SerialNumber { get; init; }

    /// <summary>Gets the issuer's name, DER: the very bytes of its certificate's subject.</summary>
    public required ReadOnlyMemory<byte> IssuerDer { get; init; }

    /// <summary>Gets the first second of validity, UTC.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Gets the last second of validity, UTC.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Gets the subject's name, DER.</summary>
    public required ReadOnlyMemory<byte> SubjectDer { get; init; }

    /// <summary>Gets the subject's key.</summary>
    public required PublicKey SubjectKey { get; init; }

    /// <summary>Gets the extensions in the order in which they are written.</summary>
    public required IReadOnlyList<CertificateExtension> Extensions { get; init; }

    /// <summary>Says whether the operator allows the usage <c>OCSP_SIGNING</c> (contract 12.20).</summary>
    public bool AllowsOcspSigning { get; init; }
}

/// <summary>Names the three kinds of certificates of the two tiers (contract section 6).</summary>
public enum CertificateKind
{
    /// <summary>The certificate is that of the root CA, self-signed.</summary>
    Root,

    /// <summary>The certificate is that of the issuing CA, signed by the root.</summary>
    Issuing,

    /// <summary>The certificate is any other, signed by the issuing CA.</summary>
    EndEntity,
}

/// <summary>Makes certificates valid from a little before their issue, for clients whose clock is slow (contract section 6,
/// 12.28).</summary>
public static class Backdating
{
    /// <summary>Says how long before.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(5);

    /// <summary>Returns the start of validity of what is issued at a time.</summary>
    public static DateTimeOffset Of(DateTimeOffset issued) => issued - Time;
}

/// <summary>Ensures that a CA issues only while its certificate is valid (contract 12.10, 12.28). Use cases refuse earlier;
/// this is the last line of defence.</summary>
internal static class IssuerLife
{
    /// <summary>Throws unless the issuer's certificate is valid at a time.</summary>
    /// <exception cref="ArgumentException">The issuer's certificate has expired at this time, or has not begun.</exception>
    public static void ThrowUnlessValid(Certificate issuer, DateTimeOffset now)
    {
        if (issuer.NotAfter < now || now < issuer.NotBefore)
        {
            throw new ArgumentException($"the issuer's certificate is valid from {issuer.NotBefore:u} to {issuer.NotAfter:u}", nameof(issuer));
        }
    }
}
