using System.Diagnostics;
using System.Security.Cryptography;

namespace ServerlessCA.Cli.Keys;

/// <summary>An RSA or EC key, by the platform's library.</summary>
internal sealed class PlatformSubjectKey(AsymmetricAlgorithm key) : SubjectKey
{
    /// <inheritdoc/>
    public override byte[] ExportPrivateKeyInfo() => key.ExportPkcs8PrivateKey();

    /// <inheritdoc/>
    public override void Dispose() => key.Dispose();

    /// <inheritdoc/>
    protected override byte[] ExportSubjectPublicKeyInfo() => key.ExportSubjectPublicKeyInfo();

    /// <inheritdoc/>
    protected override byte[] Sign(ReadOnlyMemory<byte> content, HashAlgorithmName? digest) => key switch
    {
        RSA rsa => rsa.SignData(content.Span, digest!.Value, RSASignaturePadding.Pkcs1),
        ECDsa ecdsa => ecdsa.SignData(content.Span, digest!.Value, DSASignatureFormat.Rfc3279DerSequence),
        _ => throw new UnreachableException(),
    };
}
