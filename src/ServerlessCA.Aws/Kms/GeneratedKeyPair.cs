using System.Security.Cryptography;

namespace ServerlessCA.Aws.Kms;

/// <summary>A subject's key pair as KMS drew it. Disposing wipes the private key.</summary>
/// <param name="pkcs8">DER PrivateKeyInfo (RFC 5958); kept, not copied.</param>
/// <param name="subjectPublicKeyInfo">DER SubjectPublicKeyInfo.</param>
public sealed class GeneratedKeyPair(byte[] pkcs8, byte[] subjectPublicKeyInfo) : IDisposable
{
    /// <summary>DER PrivateKeyInfo, all zeros once disposed.</summary>
    public ReadOnlyMemory<byte> Pkcs8 => pkcs8;

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => subjectPublicKeyInfo;

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(pkcs8);
}
