using System.Collections.Concurrent;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.X509;

namespace ServerlessCA.Emulators.FakeKms;

/// <summary>Stores the keys and their aliases.</summary>
internal sealed class KmsStore : IDisposable
{
    private readonly ConcurrentDictionary<string, KmsStoredKey> aliases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, KmsStoredKey> keys = new(StringComparer.Ordinal);
    private int count;

    public IEnumerable<(string Name, KmsStoredKey Key)> Aliases => aliases.Select(pair => (pair.Key, pair.Value));

    public void Create(string alias, KmsKind kind, string usage)
    {
        int ofItsKind = keys.Values.Distinct().Count(key => key.Kind == kind);
        var key = new KmsStoredKey(kind, usage, Interlocked.Increment(ref count), ofItsKind);
        keys[key.Arn] = keys[key.Id] = key;
        aliases[alias] = key;
    }

    public void Point(string alias, string other) => aliases[alias] = aliases[other];

    public KmsStoredKey Of(string alias) => aliases[alias];

    /// <summary>Finds a key by alias, id or ARN.</summary>
    public KmsStoredKey Find(string id, string permission)
    {
        KmsStoredKey? key = id.StartsWith("alias/", StringComparison.Ordinal) ? aliases.GetValueOrDefault(id) : keys.GetValueOrDefault(id);
        if (key is null)
        {
            throw KmsError.NotFound(id.StartsWith("alias/", StringComparison.Ordinal)
                ? $"Alias arn:aws:kms:eu-west-2:123456789012:{id} is not found."
                : $"Key 'arn:aws:kms:eu-west-2:123456789012:key/{id}' does not exist");
        }

        return key.IsAllowed
            ? key
            : throw new KmsError("AccessDeniedException", $"User: arn:aws:iam::123456789012:user/test is not authorized to perform: {permission}");
    }

    /// <summary>Finds a key that is in use ("Key states of AWS KMS keys").</summary>
    public KmsStoredKey Usable(string id, string permission)
    {
        KmsStoredKey key = Find(id, permission);
        return key.State switch
        {
            "Enabled" => key,
            "Disabled" => throw new KmsError("DisabledException", $"{key.Arn} is disabled."),
            _ => throw new KmsError("KMSInvalidStateException", $"{key.Arn} is pending deletion."),
        };
    }

    public void Dispose()
    {
        foreach (KmsStoredKey key in keys.Values)
        {
            key.Dispose();
        }
    }
}

/// <summary>Holds a key of the fake. RSA and EC keys are the platform's, ML-DSA keys BouncyCastle's.</summary>
internal sealed class KmsStoredKey : IDisposable
{
    private readonly Lock signing = new();
    private readonly RSA? rsa;
    private readonly ECDsa? ecdsa;
    private readonly MLDsaPrivateKeyParameters? mlDsa;

    /// <param name="kind">The algorithm and size.</param>
    /// <param name="usage">What KMS lets the key do.</param>
    /// <param name="number">A number that differs for every key of a service.</param>
    /// <param name="ofItsKind">A number that differs for every key of its kind in a service, from 0.</param>
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

    /// <summary>The key state: <c>Enabled</c>, <c>Disabled</c>, <c>PendingDeletion</c> …</summary>
    public string State { get; set; } = "Enabled";

    /// <summary>Whether the key's policy allows the caller.</summary>
    public bool IsAllowed { get; set; } = true;

    /// <summary>Returns the DER SubjectPublicKeyInfo.</summary>
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

/// <summary>Describes a key spec as KMS documents it ("Key spec reference"): its usage and the one signing algorithm that a CA
/// can use. RSA keys have more algorithms; they are named so that the answer to a request for them is KMS's own.</summary>
internal sealed record KmsKind(string Spec, string Usage, string[] Algorithms)
{
    public const string SignVerify = "SIGN_VERIFY";
    public const string EncryptDecrypt = "ENCRYPT_DECRYPT";

    private static readonly string[] RsaAlgorithms =
    [
        "RSASSA_PKCS1_V1_5_SHA_256", "RSASSA_PKCS1_V1_5_SHA_384", "RSASSA_PKCS1_V1_5_SHA_512",
        "RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_384", "RSASSA_PSS_SHA_512",
    ];

    private static readonly KmsKind[] All =
    [
        new("RSA_2048", SignVerify, RsaAlgorithms),
        new("RSA_3072", SignVerify, RsaAlgorithms),
        new("RSA_4096", SignVerify, RsaAlgorithms),
        new("ECC_NIST_P256", SignVerify, ["ECDSA_SHA_256"]),
        new("ECC_NIST_P384", SignVerify, ["ECDSA_SHA_384"]),
        new("ECC_NIST_P521", SignVerify, ["ECDSA_SHA_512"]),
        new("ECC_SECG_P256K1", SignVerify, ["ECDSA_SHA_256"]),
        new("ML_DSA_44", SignVerify, ["ML_DSA_SHAKE_256"]),
        new("ML_DSA_65", SignVerify, ["ML_DSA_SHAKE_256"]),
        new("ML_DSA_87", SignVerify, ["ML_DSA_SHAKE_256"]),
        new("SYMMETRIC_DEFAULT", EncryptDecrypt, []),
    ];

    public bool IsSymmetric => Spec == "SYMMETRIC_DEFAULT";

    public bool IsRsa => Spec.StartsWith("RSA_", StringComparison.Ordinal);

    public bool IsMlDsa => Spec.StartsWith("ML_DSA_", StringComparison.Ordinal);

    /// <summary>The bits of an RSA modulus.</summary>
    public int ModulusBits => int.Parse(Spec.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture);

    public ECCurve Curve => Spec switch
    {
        "ECC_NIST_P256" => ECCurve.NamedCurves.nistP256,
        "ECC_NIST_P384" => ECCurve.NamedCurves.nistP384,
        "ECC_NIST_P521" => ECCurve.NamedCurves.nistP521,
        _ => ECCurve.CreateFromValue("1.3.132.0.10"),
    };

    public MLDsaParameters MlDsa => Spec switch
    {
        "ML_DSA_44" => MLDsaParameters.ml_dsa_44,
        "ML_DSA_65" => MLDsaParameters.ml_dsa_65,
        _ => MLDsaParameters.ml_dsa_87,
    };

    public static KmsKind? Of(string spec) => Array.Find(All, kind => kind.Spec == spec);

    /// <summary>Returns the hash that an algorithm's name ends with.</summary>
    public static HashAlgorithmName HashOf(string algorithm) => algorithm[^3..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };
}
