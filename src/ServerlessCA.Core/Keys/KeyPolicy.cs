namespace ServerlessCA.Core.Keys;

/// <summary>Which public keys are accepted (SPEC 12.1).</summary>
internal static class KeyPolicy
{
    private const string Accepted = "use RSA, P-256, P-384, P-521, Ed25519, Ed448 or ML-DSA";

    /// <summary>Says why a key is refused; null when it is accepted.</summary>
    public static string? Check(SubjectPublicKeyInfo info, out PublicKeyAlgorithm algorithm, out int? modulusBits)
    {
        algorithm = default;
        modulusBits = null;
        switch (info.AlgorithmOid)
        {
            case AlgorithmOids.Rsa:
                algorithm = PublicKeyAlgorithm.Rsa;
                return RsaKeyPolicy.Check(info, out modulusBits);
            case AlgorithmOids.EcPublicKey:
                return EcKeyPolicy.Check(info, out algorithm);
            default:
                return CheckFixedLength(info, out algorithm);
        }
    }

    // Ed25519, Ed448: RFC 8410 §3, §4. ML-DSA: RFC 9881 §2, §4; lengths: FIPS 204 table 2. Parameters must be absent.
    private static string? CheckFixedLength(SubjectPublicKeyInfo info, out PublicKeyAlgorithm algorithm)
    {
        (PublicKeyAlgorithm Algorithm, string Name, int Octets)? kind = info.AlgorithmOid switch
        {
            AlgorithmOids.Ed25519 => (PublicKeyAlgorithm.Ed25519, "Ed25519", 32),
            AlgorithmOids.Ed448 => (PublicKeyAlgorithm.Ed448, "Ed448", 57),
            AlgorithmOids.MlDsa44 => (PublicKeyAlgorithm.MlDsa44, "ML-DSA-44", 1312),
            AlgorithmOids.MlDsa65 => (PublicKeyAlgorithm.MlDsa65, "ML-DSA-65", 1952),
            AlgorithmOids.MlDsa87 => (PublicKeyAlgorithm.MlDsa87, "ML-DSA-87", 2592),
            _ => null,
        };
        if (kind is not var (known, name, octets))
        {
            algorithm = default;
            return $"public key algorithm {info.AlgorithmOid} is not accepted: {Accepted}";
        }

        algorithm = known;
        return info.Parameters is not null ? $"public key is {name} with parameters: they must be absent"
            : info.KeyBits.Length != octets ? $"public key is {name} with {info.KeyBits.Length} octets: {octets} are right"
            : SoftwareSignatures.IsPoint(known, info.KeyBits.Span) ? null
            : $"public key is {name} but not a point of its curve: make the key again";
    }
}
