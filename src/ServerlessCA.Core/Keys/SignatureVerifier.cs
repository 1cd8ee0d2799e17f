using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ServerlessCA.Core.Keys;

/// <summary>Checks signatures of requests, certificates and CRLs. The platform checks RSA PKCS#1 v1.5 and ECDSA,
/// <see cref="SoftwareSignatures"/> Ed25519, Ed448 and ML-DSA. MD5 and SHA-1 are accepted: a request's signature proves
/// possession of a key and nothing else, and our own certificates never use them.</summary>
public static class SignatureVerifier
{
    /// <summary>Checks one signature. Never throws, whatever the input.</summary>
    /// <param name="algorithmIdentifierDer">The AlgorithmIdentifier beside the signature.</param>
    /// <param name="key">The key that should have signed.</param>
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

/// <summary>Says how checking a signature ended.</summary>
public enum SignatureVerdict
{
    /// <summary>The key made this signature over this content.</summary>
    Valid,

    /// <summary>The key did not make it, or the signature is malformed or made by another kind of key.</summary>
    Invalid,

    /// <summary>We cannot check signatures of this algorithm.</summary>
    UnsupportedAlgorithm,
}

/// <summary>Says how to check a signature with a certain AlgorithmIdentifier. Immutable.</summary>
internal sealed class VerificationScheme
{
    private static readonly VerificationScheme EcdsaWithSha1 = Ecdsa(HashAlgorithmName.SHA1);
    private static readonly VerificationScheme EcdsaWithSha256 = Ecdsa(HashAlgorithmName.SHA256);
    private static readonly VerificationScheme EcdsaWithSha384 = Ecdsa(HashAlgorithmName.SHA384);
    private static readonly VerificationScheme EcdsaWithSha512 = Ecdsa(HashAlgorithmName.SHA512);

    private readonly PublicKeyAlgorithm[] keys;

    private VerificationScheme(HashAlgorithmName? digest, RsaPssParameters? pss, params PublicKeyAlgorithm[] keys)
    {
        Digest = digest;
        Pss = pss;
        this.keys = keys;
    }

    /// <summary>Gets the hash that was signed; null when the bytes themselves were.</summary>
    public HashAlgorithmName? Digest { get; }

    /// <summary>Gets the parameters of RSASSA-PSS; null for other schemes.</summary>
    public RsaPssParameters? Pss { get; }

    /// <summary>Says whether keys of this kind make such signatures.</summary>
    public bool Fits(PublicKeyAlgorithm key) => keys.Contains(key);

    /// <summary>Finds the scheme of an AlgorithmIdentifier; null for those we cannot check.</summary>
    public static VerificationScheme? Find(ReadOnlyMemory<byte> algorithmIdentifierDer)
    {
        try
        {
            return Find(AlgorithmIdentifier.Decode(algorithmIdentifierDer));
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static VerificationScheme? Find(AlgorithmIdentifier identifier) => identifier.Oid switch
    {
        AlgorithmOids.RsaPss => OfPss(identifier.Parameters),
        // RFC 4055 §5: NULL, and absent must be accepted too.
        _ when identifier.HasNoParameters || identifier.HasNullParameters => OfRsa(identifier.Oid)
            ?? (identifier.HasNoParameters ? OfEcdsa(identifier.Oid) ?? OfPure(identifier.Oid) : null),
        _ => null,
    };

    private static VerificationScheme? OfPss(ReadOnlyMemory<byte>? parameters) =>
        parameters is { } der && RsaPssParameters.Decode(der) is { } pss
            ? new(pss.Digest, pss, PublicKeyAlgorithm.Rsa)
            : null;

    private static VerificationScheme? OfRsa(string oid)
    {
        HashAlgorithmName? digest = oid switch
        {
            AlgorithmOids.Md5WithRsa => HashAlgorithmName.MD5,
            AlgorithmOids.Sha1WithRsa => HashAlgorithmName.SHA1,
            AlgorithmOids.Sha256WithRsa => HashAlgorithmName.SHA256,
            AlgorithmOids.Sha384WithRsa => HashAlgorithmName.SHA384,
            AlgorithmOids.Sha512WithRsa => HashAlgorithmName.SHA512,
            _ => null,
        };
        return digest is null ? null : new(digest, pss: null, PublicKeyAlgorithm.Rsa);
    }

    private static VerificationScheme? OfEcdsa(string oid) => oid switch
    {
        AlgorithmOids.EcdsaWithSha1 => EcdsaWithSha1,
        AlgorithmOids.EcdsaWithSha256 => EcdsaWithSha256,
        AlgorithmOids.EcdsaWithSha384 => EcdsaWithSha384,
        AlgorithmOids.EcdsaWithSha512 => EcdsaWithSha512,
        _ => null,
    };

    private static VerificationScheme Ecdsa(HashAlgorithmName digest) =>
        new(digest, pss: null, PublicKeyAlgorithm.EcP256, PublicKeyAlgorithm.EcP384, PublicKeyAlgorithm.EcP521);

    private static VerificationScheme? OfPure(string oid) =>
        KeyKind.PureKinds.FirstOrDefault(kind => kind.SignatureOid == oid) is { } pure ? new(digest: null, pss: null, pure.Algorithm) : null;
}

/// <summary>Checks signatures with the operating system's library, through .NET.</summary>
internal static class PlatformSignatures
{
    /// <summary>Checks an RSASSA-PKCS1-v1_5 signature (RFC 8017 §8.2.2).</summary>
    public static bool VerifyRsa(PublicKey key, ReadOnlySpan<byte> hash, HashAlgorithmName digest, ReadOnlySpan<byte> signature)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(key.SubjectPublicKeyInfo.Span, out _);
            return rsa.VerifyHash(hash, signature, digest, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false; // the platform refuses such a signature or key
        }
    }

    /// <summary>Checks an ECDSA signature, which is an Ecdsa-Sig-Value (RFC 3279 §2.2.3).</summary>
    public static bool VerifyEcdsa(PublicKey key, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        try
        {
            using ImportedKey imported = key.Import();
            return imported.Key.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false; // the platform refuses such a signature or key
        }
    }
}
