namespace ServerlessCA.Core.Keys;

/// <summary>How checking a signature ended.</summary>
public enum SignatureVerdict
{
    /// <summary>The key made this signature over this content.</summary>
    Valid,

    /// <summary>It did not, or the signature is malformed or of another kind of key.</summary>
    Invalid,

    /// <summary>The algorithm is not one we can check.</summary>
    UnsupportedAlgorithm,
}
