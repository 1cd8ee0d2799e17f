namespace ServerlessCA.Core.Keys;

/// <summary>The kinds of public keys that the key policy accepts (contract 12.1).</summary>
public enum PublicKeyAlgorithm
{
    /// <summary>RSA (RFC 8017), 2048 to 8192 bits.</summary>
    Rsa,

    /// <summary>EC on P-256 (RFC 5480).</summary>
    EcP256,

    /// <summary>EC on P-384 (RFC 5480).</summary>
    EcP384,

    /// <summary>EC on P-521 (RFC 5480).</summary>
    EcP521,

    /// <summary>Ed25519 (RFC 8410).</summary>
    Ed25519,

    /// <summary>Ed448 (RFC 8410).</summary>
    Ed448,

    /// <summary>ML-DSA-44 (RFC 9881).</summary>
    MlDsa44,

    /// <summary>ML-DSA-65 (RFC 9881).</summary>
    MlDsa65,

    /// <summary>ML-DSA-87 (RFC 9881).</summary>
    MlDsa87,
}
