using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ServerlessCA.Core.Keys;

/// <summary>How to check a signature, as its AlgorithmIdentifier says. Immutable.</summary>
internal sealed class VerificationScheme
{
    private readonly PublicKeyAlgorithm[] keys;

    private VerificationScheme(HashAlgorithmName? digest, RsaPssParameters? pss, params PublicKeyAlgorithm[] keys)
    {
        Digest = digest;
        Pss = pss;
        this.keys = keys;
    }

    /// <summary>The hash that was signed; null when the bytes themselves were.</summary>
    public HashAlgorithmName? Digest { get; }

    /// <summary>For RSASSA-PSS.</summary>
    public RsaPssParameters? Pss { get; }

    /// <summary>Whether keys of this kind make such signatures.</summary>
    public bool Fits(PublicKeyAlgorithm key) => keys.Contains(key);

    /// <summary>The scheme of an AlgorithmIdentifier; null for those we cannot check.</summary>
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

    private static VerificationScheme? OfEcdsa(string oid)
    {
        HashAlgorithmName? digest = oid switch
        {
            AlgorithmOids.EcdsaWithSha1 => HashAlgorithmName.SHA1,
            AlgorithmOids.EcdsaWithSha256 => HashAlgorithmName.SHA256,
            AlgorithmOids.EcdsaWithSha384 => HashAlgorithmName.SHA384,
            AlgorithmOids.EcdsaWithSha512 => HashAlgorithmName.SHA512,
            _ => null,
        };
        return digest is null ? null
            : new(digest, pss: null, PublicKeyAlgorithm.EcP256, PublicKeyAlgorithm.EcP384, PublicKeyAlgorithm.EcP521);
    }

    private static VerificationScheme? OfPure(string oid) =>
        KeyKind.PureOnes.FirstOrDefault(kind => kind.SignatureOid == oid) is { } pure ? new(digest: null, pss: null, pure.Algorithm) : null;
}
