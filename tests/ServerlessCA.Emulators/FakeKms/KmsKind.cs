using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;

namespace ServerlessCA.Emulators.FakeKms;

/// <summary>What KMS documents of a key spec ("Key spec reference"): its usage and its one signing algorithm that a CA
/// can use. RSA keys have more algorithms; they are named so that asking for one is answered as KMS does.</summary>
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

    /// <summary>Bits of an RSA modulus.</summary>
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

    /// <summary>The hash that an algorithm's name ends with.</summary>
    public static HashAlgorithmName HashOf(string algorithm) => algorithm[^3..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };
}
