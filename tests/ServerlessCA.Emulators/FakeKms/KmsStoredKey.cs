using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.X509;

namespace ServerlessCA.Emulators.FakeKms;

/// <summary>A key of the fake: RSA and EC by the platform, ML-DSA by BouncyCastle.</summary>
internal sealed class KmsStoredKey : IDisposable
{
    private readonly Lock signing = new();
    private readonly RSA? rsa;
    private readonly ECDsa? ecdsa;
    private readonly MLDsaPrivateKeyParameters? mlDsa;

    /// <param name="kind">Which algorithm and size.</param>
    /// <param name="usage">What KMS lets it do.</param>
    /// <param name="number">Differs for every key of a service.</param>
    /// <param name="ofItsKind">Differs for every key of its kind in a service, from 0.</param>
    public KmsStoredKey(KmsKind kind, string usage, int number, int ofItsKind)
    {
        Kind = kind;
        Usage = usage;
        Arn = $"arn:aws:kms:eu-west-2:123456789012:key/00000000-0000-4000-8000-{number:d12}";
        if (kind.IsRsa)
        {
            rsa = RsaKeys.Of(kind.ModulusBits, ofItsKind);
        }
        else if (kind.IsMlDsa)
        {
            mlDsa = MLDsaPrivateKeyParameters.FromSeed(kind.MlDsa, RandomNumberGenerator.GetBytes(32));
        }
        else if (!kind.IsSymmetric)
        {
            ecdsa = ECDsa.Create(kind.Curve);
        }
    }

    public KmsKind Kind { get; }

    public string Usage { get; }

    public string Arn { get; }

    public string Id => Arn[(Arn.LastIndexOf('/') + 1)..];

    /// <summary><c>Enabled</c>, <c>Disabled</c>, <c>PendingDeletion</c> …</summary>
    public string State { get; set; } = "Enabled";

    /// <summary>Whether the key's policy lets the caller in.</summary>
    public bool IsAllowed { get; set; } = true;

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey() =>
        rsa?.ExportSubjectPublicKeyInfo() ?? ecdsa?.ExportSubjectPublicKeyInfo()
        ?? SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(mlDsa!.GetPublicKey()).GetDerEncoded();

    public byte[] SignDigest(byte[] digest, string algorithm)
    {
        RSASignaturePadding padding = algorithm.Contains("_PSS_", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        lock (signing)
        {
            return rsa?.SignHash(digest, KmsKind.HashOf(algorithm), padding)
                ?? ecdsa!.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    public byte[] SignMu(byte[] mu) => ExternalMu.Sign(mlDsa!, mu);

    public byte[] SignMlDsa(byte[] message) => ExternalMu.SignMessage(mlDsa!, message);

    public void Dispose()
    {
        rsa?.Dispose();
        ecdsa?.Dispose();
    }
}
