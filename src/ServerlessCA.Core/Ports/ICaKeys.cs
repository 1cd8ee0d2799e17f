using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.Ports;

/// <summary>Is the key service: KMS, or key files. Private keys never leave it.</summary>
public interface ICaKeys
{
    /// <summary>Finds the key of a CA, or of the alias <c>alias/{name}</c>; null when there is none.</summary>
    /// <param name="caName">The CA's name, such as <c>serverless-root-ca-dev</c>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="CaKeyUnavailableException">There is a key, but it cannot be used.</exception>
    Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation);
}

/// <summary>Is one signing key of a CA, held by the key service. Safe for concurrent use.</summary>
public interface ICaKey
{
    /// <summary>Gets type and size, which decide the signature algorithm (contract section 3).</summary>
    KeySpec Spec { get; }

    /// <summary>Gets the public key, DER SubjectPublicKeyInfo.</summary>
    ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; }

    /// <summary>Signs. RSA uses PKCS#1 v1.5 with SHA-256; EC uses ECDSA with the curve's hash, DER Ecdsa-Sig-Value; ML-DSA is
    /// pure, with an empty context. A key service that wants less than the bytes asks <paramref name="content"/> for a digest or
    /// for an external mu.</summary>
    /// <param name="content">What to sign; it can be read more than once.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The signature as a certificate's BIT STRING holds it.</returns>
    /// <exception cref="CaKeyUnavailableException">Not signed; trying again is safe.</exception>
    Task<byte[]> SignAsync(ISignedContent content, CancellationToken cancellation);
}

/// <summary>A CA key is damaged, locked or out of reach. The message names the key and what to do.</summary>
public sealed class CaKeyUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
