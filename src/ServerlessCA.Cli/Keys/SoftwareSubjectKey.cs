using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace ServerlessCA.Cli.Keys;

/// <summary>An Ed25519 or ML-DSA key, in software: the platform has neither before OpenSSL 3.5. ML-DSA keys are written
/// as their seed alone, the form that RFC 9881 §6 recommends.</summary>
internal sealed class SoftwareSubjectKey : SubjectKey
{
    private const int SeedOctets = 32; // FIPS 204 §3.6.1, RFC 9881 §6

    private static readonly SecureRandom System = new(new CryptoApiRandomGenerator());

    private readonly AsymmetricKeyParameter privateKey;
    private readonly AsymmetricKeyParameter publicKey;
    private readonly ISigner signer;

    private SoftwareSubjectKey(AsymmetricKeyParameter privateKey, AsymmetricKeyParameter publicKey, ISigner signer)
    {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.signer = signer;
    }

    /// <summary>Makes an Ed25519 key (RFC 8032).</summary>
    public static SoftwareSubjectKey Ed25519()
    {
        var key = new Ed25519PrivateKeyParameters(System);
        return new SoftwareSubjectKey(key, key.GeneratePublicKey(), new Ed25519Signer());
    }

    /// <summary>Makes an ML-DSA key (FIPS 204), which signs purely, with an empty context.</summary>
    public static SoftwareSubjectKey MlDsa(MLDsaParameters parameters)
    {
        byte[] seed = SecureRandom.GetNextBytes(System, SeedOctets);
        var key = MLDsaPrivateKeyParameters.FromSeed(parameters, seed, MLDsaPrivateKeyParameters.Format.SeedOnly);
        CryptographicOperations.ZeroMemory(seed);
        return new SoftwareSubjectKey(key, key.GetPublicKey(), new MLDsaSigner(parameters, deterministic: false));
    }

    /// <inheritdoc/>
    public override byte[] ExportPrivateKeyInfo()
    {
        PrivateKeyInfo info = PrivateKeyInfoFactory.CreatePrivateKeyInfo(privateKey);
        // Version 1, without the public key that version 2 carries (RFC 5958 §2): OpenSSL 3.0 reads no other.
        return new PrivateKeyInfo(info.PrivateKeyAlgorithm, info.ParsePrivateKey()).GetDerEncoded();
    }

    /// <summary>Nothing to free: the library keeps keys in memory of its own.</summary>
    public override void Dispose()
    {
    }

    /// <inheritdoc/>
    protected override byte[] ExportSubjectPublicKeyInfo() =>
        SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(publicKey).GetDerEncoded();

    /// <inheritdoc/>
    protected override byte[] Sign(ReadOnlyMemory<byte> content, HashAlgorithmName? digest)
    {
        signer.Init(forSigning: true, privateKey);
        signer.BlockUpdate(content.Span);
        return signer.GenerateSignature();
    }
}
