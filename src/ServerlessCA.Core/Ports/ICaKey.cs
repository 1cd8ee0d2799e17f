using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.Ports;

/// <summary>One signing key of a CA, held by the key service. Safe for concurrent use.</summary>
public interface ICaKey
{
    /// <summary>Type and size; decides the signature algorithm (contract section 3).</summary>
    KeySpec Spec { get; }

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    /// <summary>Signs. RSA: PKCS#1 v1.5 with SHA-256; EC: ECDSA with the curve's hash, DER Ecdsa-Sig-Value;
    /// ML-DSA: pure, empty context. A key service that wants less than the bytes asks <paramref name="content"/>
    /// for a digest or for an external mu.</summary>
    /// <param name="content">What to sign; it can be read more than once.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The signature as a certificate's BIT STRING holds it.</returns>
    /// <exception cref="CaKeyUnavailableException">Not signed; trying again is safe.</exception>
    Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation);
}
