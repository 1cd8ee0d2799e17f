namespace ServerlessCA.Core.Keys;

/// <summary>Which public keys are accepted (contract 12.1).</summary>
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

    // Ed25519, Ed448: RFC 8410 §3, §4. ML-DSA: RFC 9881 §2, §4. Parameters must be absent.
    private static string? CheckFixedLength(SubjectPublicKeyInfo info, out PublicKeyAlgorithm algorithm)
    {
        algorithm = default;
        if (KeyKind.Find(info.AlgorithmOid) is not { KeyOctets: { } octets } kind)
        {
            return $"public key algorithm {info.AlgorithmOid} is not accepted: {Accepted}";
        }

        algorithm = kind.Algorithm;
        return info.Parameters is not null ? $"public key is {kind.Name} with parameters: they must be absent"
            : info.KeyBits.Length != octets ? $"public key is {kind.Name} with {info.KeyBits.Length} octets: {octets} are right"
            : SoftwareSignatures.IsPoint(algorithm, info.KeyBits.Span) ? null
            : $"public key is {kind.Name} but not a point of its curve: make the key again";
    }
}
