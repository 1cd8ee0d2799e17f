using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using ServerlessCA.Aws.Kms;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Cli.Keys;

/// <summary>A new private key of a subject, which is written to its file and never shown or sent.</summary>
internal abstract class SubjectKey : IDisposable
{
    private PublicKey? publicKey;

    /// <summary>The public key.</summary>
    public PublicKey PublicKey => publicKey ??= PublicKey.TryParse(ExportSubjectPublicKeyInfo(), out PublicKey? key, out string? why)
        ? key
        : throw new InvalidOperationException(why);

    /// <summary>Returns the key as DER PrivateKeyInfo (RFC 5958 §2); the caller zeroes it.</summary>
    public abstract byte[] ExportPrivateKeyInfo();

    /// <summary>Makes a CSR for the key and signs it.</summary>
    /// <param name="subject">The subject of the CSR.</param>
    /// <param name="sans">Alternative names that the CSR itself asks for; may be empty.</param>
    /// <returns>PEM.</returns>
    public string Request(DistinguishedName subject, IReadOnlyList<GeneralName> sans)
    {
        byte[] der = new CertificateSigningRequestTemplate(subject, PublicKey, sans).Sign(Sign);
        return Pem.Encode(Pem.RequestLabel, der);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Returns the public key as DER SubjectPublicKeyInfo.</summary>
    protected abstract byte[] ExportSubjectPublicKeyInfo();

    /// <summary>Signs a CSR, as <see cref="CertificateSigningRequestTemplate.Signer"/> describes.</summary>
    protected abstract byte[] Sign(ReadOnlyMemory<byte> content, HashAlgorithmName? digest);
}

/// <summary>A kind of key that <c>request</c>, <c>csr</c> and <c>agent</c> can make. Immutable.</summary>
internal sealed class SubjectKeyType
{
    /// <summary>The kind that is made by default: it is small, fast and accepted everywhere.</summary>
    public const string Default = "ec-p256";

    private static readonly SubjectKeyType[] All =
    [
        new(Default, () => new PlatformSubjectKey(ECDsa.Create(ECCurve.NamedCurves.nistP256))),
        new("ec-p384", () => new PlatformSubjectKey(ECDsa.Create(ECCurve.NamedCurves.nistP384))),
        new("ec-p521", () => new PlatformSubjectKey(ECDsa.Create(ECCurve.NamedCurves.nistP521))),
        new("rsa-2048", () => new PlatformSubjectKey(RSA.Create(2048))),
        new("rsa-3072", () => new PlatformSubjectKey(RSA.Create(3072))),
        new("rsa-4096", () => new PlatformSubjectKey(RSA.Create(4096))),
        new("ed25519", SoftwareSubjectKey.Ed25519),
        new("ml-dsa-44", () => SoftwareSubjectKey.MlDsa(MLDsaParameters.ml_dsa_44)),
        new("ml-dsa-65", () => SoftwareSubjectKey.MlDsa(MLDsaParameters.ml_dsa_65)),
        new("ml-dsa-87", () => SoftwareSubjectKey.MlDsa(MLDsaParameters.ml_dsa_87)),
    ];

    private readonly Func<SubjectKey> generate;

    private SubjectKeyType(string name, Func<SubjectKey> generate)
    {
        Name = name;
        this.generate = generate;
    }

    /// <summary>The name, as <c>--key-type</c> takes it.</summary>
    public string Name { get; }

    /// <summary>The names of all kinds.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(type => type.Name)];

    /// <summary>Returns the kind of one of the <see cref="Names"/>.</summary>
    public static SubjectKeyType Of(string name) => All.Single(type => type.Name == name);

    /// <summary>Returns the kind of a key; null when such keys are not made here.</summary>
    public static SubjectKeyType? Like(PublicKey key)
    {
        KeyKind kind = KeyKind.Of(key.Algorithm);
        string name = key.ModulusBits is { } bits ? string.Create(CultureInfo.InvariantCulture, $"rsa-{bits}")
            : kind.CurveOid.Length > 0 ? $"ec-{kind.Name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()}"
            : kind.Name.ToLowerInvariant();
        return Array.Find(All, type => type.Name == name);
    }

    /// <summary>Makes a key of this kind.</summary>
    public SubjectKey Generate() => generate();
}

/// <summary>An RSA or EC key, which the platform's library holds.</summary>
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

/// <summary>An Ed25519 or ML-DSA key, which BouncyCastle holds, as the platform has neither before OpenSSL 3.5. ML-DSA keys
/// are written as their seed alone, the form that RFC 9881 §6 recommends.</summary>
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

    /// <summary>Does nothing: the library holds keys in memory of its own.</summary>
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

/// <summary>Has subject keys generated by KMS.</summary>
internal static class KmsSubjectKey
{
    /// <summary>The values of <c>--key-type</c> that KMS can generate, and what it calls them.</summary>
    private static readonly Dictionary<string, KeySpec> Specs = new(StringComparer.Ordinal)
    {
        ["ec-p256"] = KeySpec.EccNistP256,
        ["ec-p384"] = KeySpec.EccNistP384,
        ["ec-p521"] = KeySpec.EccNistP521,
        ["rsa-2048"] = KeySpec.Rsa2048,
        ["rsa-3072"] = KeySpec.Rsa3072,
        ["rsa-4096"] = KeySpec.Rsa4096,
    };

    /// <summary>Returns what KMS calls a kind of key.</summary>
    /// <exception cref="CommandFault">KMS generates no such keys.</exception>
    public static KeySpec SpecOf(string type) => Specs.TryGetValue(type, out KeySpec spec)
        ? spec
        : throw CommandFault.Usage($"KMS draws no keys of type '{type}'", $"leave --kms-keygen out, or choose --key-type from {string.Join(", ", Specs.Keys)}");

    /// <summary>Has a key generated; the octets that came over the wire are wiped.</summary>
    public static async Task<SubjectKey> GenerateAsync(TlsKeyGenerator generator, KeySpec spec, CancellationToken cancellation)
    {
        using GeneratedKeyPair pair = await generator.GenerateAsync(spec, cancellation);
        AsymmetricAlgorithm key = spec is KeySpec.Rsa2048 or KeySpec.Rsa3072 or KeySpec.Rsa4096 ? RSA.Create() : ECDsa.Create();
        key.ImportPkcs8PrivateKey(pair.Pkcs8.Span, out _);
        return new PlatformSubjectKey(key);
    }
}
