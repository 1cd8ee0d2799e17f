namespace ServerlessCA.Core.Keys;

/// <summary>Names the nine kinds of CA keys as KMS does (contract section 3).</summary>
public enum KeySpec
{
    /// <summary>The key is RSA with a modulus of 2048 bits.</summary>
    Rsa2048,

    /// <summary>The key is RSA with a modulus of 3072 bits.</summary>
    Rsa3072,

    /// <summary>The key is RSA with a modulus of 4096 bits.</summary>
    Rsa4096,

    /// <summary>The key is EC on the curve P-256.</summary>
    EccNistP256,

    /// <summary>The key is EC on the curve P-384.</summary>
    EccNistP384,

    /// <summary>The key is EC on the curve P-521.</summary>
    EccNistP521,

    /// <summary>The key is ML-DSA-44 (FIPS 204).</summary>
    MlDsa44,

    /// <summary>The key is ML-DSA-65 (FIPS 204).</summary>
    MlDsa65,

    /// <summary>The key is ML-DSA-87 (FIPS 204).</summary>
    MlDsa87,
}

/// <summary>Holds the names and properties of the nine <see cref="KeySpec"/>s.</summary>
public static class KeySpecs
{
    // For ECDSA, the octets of an Ecdsa-Sig-Value (RFC 3279 §2.2.3) whose two integers are as long as possible.
    private static readonly Row[] Rows =
    [
        new(KeySpec.Rsa2048, "RSA_2048", PublicKeyAlgorithm.Rsa, MaxSignatureOctets: 256, ModulusBits: 2048),
        new(KeySpec.Rsa3072, "RSA_3072", PublicKeyAlgorithm.Rsa, MaxSignatureOctets: 384, ModulusBits: 3072),
        new(KeySpec.Rsa4096, "RSA_4096", PublicKeyAlgorithm.Rsa, MaxSignatureOctets: 512, ModulusBits: 4096),
        new(KeySpec.EccNistP256, "ECC_NIST_P256", PublicKeyAlgorithm.EcP256, MaxSignatureOctets: 72),
        new(KeySpec.EccNistP384, "ECC_NIST_P384", PublicKeyAlgorithm.EcP384, MaxSignatureOctets: 104),
        new(KeySpec.EccNistP521, "ECC_NIST_P521", PublicKeyAlgorithm.EcP521, MaxSignatureOctets: 139),
        MlDsa(KeySpec.MlDsa44, "ML_DSA_44", PublicKeyAlgorithm.MlDsa44),
        MlDsa(KeySpec.MlDsa65, "ML_DSA_65", PublicKeyAlgorithm.MlDsa65),
        MlDsa(KeySpec.MlDsa87, "ML_DSA_87", PublicKeyAlgorithm.MlDsa87),
    ];

    /// <summary>Gets the names that KMS and the Terraform variables use, in the order of the specs.</summary>
    public static IReadOnlyList<string> KmsNames { get; } = [.. Rows.Select(row => row.KmsName)];

    /// <summary>Returns the name that KMS and the Terraform variables use, such as <c>ECC_NIST_P256</c>.</summary>
    public static string KmsName(KeySpec spec) => Of(spec).KmsName;

    /// <summary>Returns the kind of the keys.</summary>
    public static KeyKind KindOf(KeySpec spec) => KeyKind.Of(Of(spec).Algorithm);

    /// <summary>Returns the bits of the modulus; null unless the keys are RSA.</summary>
    public static int? ModulusBits(KeySpec spec) => Of(spec).ModulusBits;

    /// <summary>Reads the name that KMS uses; case counts, as it does for KMS.</summary>
    public static bool TryParse(string? kmsName, out KeySpec spec)
    {
        Row? row = Array.Find(Rows, known => known.KmsName == kmsName);
        spec = row?.Spec ?? default;
        return row is not null;
    }

    /// <summary>Finds the spec of a public key; null when a CA cannot have such a key (Ed25519, RSA of other sizes).</summary>
    public static KeySpec? Of(PublicKey key) => Find(key.Algorithm, key.ModulusBits);

    /// <summary>Finds the spec of keys of this kind and, for RSA, size; null when a CA cannot have such a key.</summary>
    public static KeySpec? Find(PublicKeyAlgorithm algorithm, int? modulusBits) =>
        Array.Find(Rows, row => row.Algorithm == algorithm && row.ModulusBits == modulusBits)?.Spec;

    /// <summary>Returns how many octets a signature has at most; exact for RSA and ML-DSA.</summary>
    internal static int MaxSignatureOctets(KeySpec spec) => Of(spec).MaxSignatureOctets;

    private static Row Of(KeySpec spec) => Array.Find(Rows, row => row.Spec == spec)!;

    private static Row MlDsa(KeySpec spec, string kmsName, PublicKeyAlgorithm algorithm) =>
        new(spec, kmsName, algorithm, KeyKind.Of(algorithm).SignatureOctets!.Value);

    private sealed record Row(KeySpec Spec, string KmsName, PublicKeyAlgorithm Algorithm, int MaxSignatureOctets, int? ModulusBits = null);
}
