namespace ServerlessCA.Core.Keys;

/// <summary>Checks signatures of requests, certificates and CRLs. RSA PKCS#1 v1.5 and ECDSA by the platform, Ed25519,
/// Ed448 and ML-DSA by <see cref="SoftwareSignatures"/>. MD5 and SHA-1 are taken: a request's signature proves
/// possession of a key and nothing else, and our own certificates never use them.</summary>
public static class SignatureVerifier
{
    /// <summary>Checks one signature. Never throws, whatever the input.</summary>
    /// <param name="algorithmIdentifierDer">DER AlgorithmIdentifier beside the signature.</param>
    /// <param name="key">Who should have signed.</param>
    /// <param name="content">What should have been signed.</param>
    /// <param name="signature">The value of the signature BIT STRING.</param>
    public static SignatureVerdict Verify(
        ReadOnlyMemory<byte> algorithmIdentifierDer, PublicKey key, ISignedContent content, ReadOnlyMemory<byte> signature)
    {
        if (VerificationScheme.Find(algorithmIdentifierDer) is not { } scheme)
        {
            return SignatureVerdict.UnsupportedAlgorithm;
        }

        bool valid = scheme.Fits(key.Algorithm) && Verify(scheme, key, content, signature.Span);
        return valid ? SignatureVerdict.Valid : SignatureVerdict.Invalid;
    }

    private static bool Verify(VerificationScheme scheme, PublicKey key, ISignedContent content, ReadOnlySpan<byte> signature)
    {
        if (scheme.Digest is not { } digest)
        {
            return SoftwareSignatures.Verify(key, content, signature);
        }

        byte[] hash = content.Digest(digest);
        return scheme.Pss is { } pss ? pss.Verify(key, hash, signature)
            : key.Algorithm == PublicKeyAlgorithm.Rsa ? PlatformSignatures.VerifyRsa(key, hash, digest, signature)
            : PlatformSignatures.VerifyEcdsa(key, hash, signature);
    }
}
