namespace ServerlessCA.Core.Keys;

/// <summary>The nine kinds of CA keys, by their KMS names (contract section 3).</summary>
public enum KeySpec
{
    /// <summary>RSA, 2048-bit modulus.</summary>
    Rsa2048,

    /// <summary>RSA, 3072-bit modulus.</summary>
    Rsa3072,

    /// <summary>RSA, 4096-bit modulus.</summary>
    Rsa4096,

    /// <summary>EC, curve P-256.</summary>
    EccNistP256,

    /// <summary>EC, curve P-384.</summary>
    EccNistP384,

    /// <summary>EC, curve P-521.</summary>
    EccNistP521,

    /// <summary>ML-DSA-44 (FIPS 204).</summary>
    MlDsa44,

    /// <summary>ML-DSA-65 (FIPS 204).</summary>
    MlDsa65,

    /// <summary>ML-DSA-87 (FIPS 204).</summary>
    MlDsa87,
}
