using System.Globalization;
using System.Security.Cryptography;

namespace ServerlessCA.Core.Keys;

/// <summary>Describes a kind of public key. The table has one row for each; policy, names, signature algorithms and their sizes
/// all come from it. Immutable.</summary>
public sealed class KeyKind
{
    private const string NoCurve = "";

    // Lengths of keys and signatures: RFC 8410 §4 with RFC 8032 §5.1.6 and §5.2.6; FIPS 204 table 2.
    private static readonly KeyKind[] All =
    [
        new(PublicKeyAlgorithm.Rsa, "RSA", AlgorithmOids.Rsa, AlgorithmOids.Sha256WithRsa) { Digest = HashAlgorithmName.SHA256 },
        Ec(PublicKeyAlgorithm.EcP256, "P-256", AlgorithmOids.P256, AlgorithmOids.EcdsaWithSha256, HashAlgorithmName.SHA256),
        Ec(PublicKeyAlgorithm.EcP384, "P-384", AlgorithmOids.P384, AlgorithmOids.EcdsaWithSha384, HashAlgorithmName.SHA384),
        Ec(PublicKeyAlgorithm.EcP521, "P-521", AlgorithmOids.P521, AlgorithmOids.EcdsaWithSha512, HashAlgorithmName.SHA512),
        Pure(PublicKeyAlgorithm.Ed25519, "Ed25519", AlgorithmOids.Ed25519, keyOctets: 32, signatureOctets: 64),
        Pure(PublicKeyAlgorithm.Ed448, "Ed448", AlgorithmOids.Ed448, keyOctets: 57, signatureOctets: 114),
        Pure(PublicKeyAlgorithm.MlDsa44, "ML-DSA-44", AlgorithmOids.MlDsa44, keyOctets: 1312, signatureOctets: 2420, isMlDsa: true),
        Pure(PublicKeyAlgorithm.MlDsa65, "ML-DSA-65", AlgorithmOids.MlDsa65, keyOctets: 1952, signatureOctets: 3309, isMlDsa: true),
        Pure(PublicKeyAlgorithm.MlDsa87, "ML-DSA-87", AlgorithmOids.MlDsa87, keyOctets: 2592, signatureOctets: 4627, isMlDsa: true),
    ];

    private KeyKind(PublicKeyAlgorithm algorithm, string name, string oid, string signatureOid)
    {
        Algorithm = algorithm;
        Name = name;
        Oid = oid;
        SignatureOid = signatureOid;
    }

    /// <summary>Gets which kind the row describes.</summary>
    public PublicKeyAlgorithm Algorithm { get; }

    /// <summary>Gets the name in its standard; for EC keys that of the curve, such as <c>P-256</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the algorithm in a SubjectPublicKeyInfo, dotted.</summary>
    public string Oid { get; }

    /// <summary>Gets the named curve, dotted; empty unless the key is EC.</summary>
    public string CurveOid { get; private init; } = NoCurve;

    /// <summary>Gets the hash that a CA's key of this kind signs, and that goes with an ECDSA key's curve; null when the
    /// content itself is signed.</summary>
    public HashAlgorithmName? Digest { get; private init; }

    /// <summary>Says whether the kind is one of ML-DSA (RFC 9881).</summary>
    public bool IsMlDsa { get; private init; }

    /// <summary>Gets the algorithm that a CA's key of this kind signs with, dotted.</summary>
    internal string SignatureOid { get; }

    /// <summary>Gets how many octets the key's bits have; null where that varies.</summary>
    internal int? KeyOctets { get; private init; }

    /// <summary>Gets how many octets a signature has; null where that varies.</summary>
    internal int? SignatureOctets { get; private init; }

    /// <summary>Gets the kinds that sign the content itself: Ed25519, Ed448, ML-DSA. Their signatures have the OID of their
    /// keys.</summary>
    internal static IEnumerable<KeyKind> PureKinds => All.Where(kind => kind.Digest is null);

    /// <summary>Returns the row of an algorithm.</summary>
    public static KeyKind Of(PublicKeyAlgorithm algorithm) => Array.Find(All, kind => kind.Algorithm == algorithm)!;

    /// <summary>Finds the row of an AlgorithmIdentifier; null for keys of other kinds.</summary>
    /// <param name="oid">The algorithm, dotted.</param>
    /// <param name="curveOid">The named curve beside it, dotted; null: none.</param>
    public static KeyKind? Find(string oid, string? curveOid = null) =>
        Array.Find(All, kind => kind.Oid == oid && kind.CurveOid == (curveOid ?? NoCurve));

    /// <summary>Describes a key for people, such as <c>RSA, 2048 bits</c>, <c>EC, P-256</c> or <c>ML-DSA-44</c>.</summary>
    /// <param name="key">Null: a key that cannot be read.</param>
    public static string TextOf(PublicKey? key)
    {
        if (key is null)
        {
            return "of a kind that this version does not accept";
        }

        KeyKind kind = Of(key.Algorithm);
        return key.ModulusBits is { } bits ? string.Create(CultureInfo.InvariantCulture, $"{kind.Name}, {bits} bits")
            : kind.CurveOid != NoCurve ? $"EC, {kind.Name}"
            : kind.Name;
    }

    private static KeyKind Ec(PublicKeyAlgorithm algorithm, string curve, string curveOid, string signatureOid, HashAlgorithmName digest) =>
        new(algorithm, curve, AlgorithmOids.EcPublicKey, signatureOid) { CurveOid = curveOid, Digest = digest };

    private static KeyKind Pure(
        PublicKeyAlgorithm algorithm, string name, string oid, int keyOctets, int signatureOctets, bool isMlDsa = false) =>
        new(algorithm, name, oid, signatureOid: oid) { KeyOctets = keyOctets, SignatureOctets = signatureOctets, IsMlDsa = isMlDsa };
}

/// <summary>Names the kinds of public keys that the key policy accepts (contract 12.1).</summary>
public enum PublicKeyAlgorithm
{
    /// <summary>The key is RSA (RFC 8017) with 2048 to 8192 bits.</summary>
    Rsa,

    /// <summary>The key is EC on P-256 (RFC 5480).</summary>
    EcP256,

    /// <summary>The key is EC on P-384 (RFC 5480).</summary>
    EcP384,

    /// <summary>The key is EC on P-521 (RFC 5480).</summary>
    EcP521,

    /// <summary>The key is Ed25519 (RFC 8410).</summary>
    Ed25519,

    /// <summary>The key is Ed448 (RFC 8410).</summary>
    Ed448,

    /// <summary>The key is ML-DSA-44 (RFC 9881).</summary>
    MlDsa44,

    /// <summary>The key is ML-DSA-65 (RFC 9881).</summary>
    MlDsa65,

    /// <summary>The key is ML-DSA-87 (RFC 9881).</summary>
    MlDsa87,
}
