using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using ServerlessCA.Core.Certificates;

namespace ServerlessCA.Core.Keys;

/// <summary>Decides how a CA key signs (contract section 3): RSA always PKCS#1 v1.5 with SHA-256, EC with the curve's hash, the
/// others pure. Immutable.</summary>
public sealed record SignatureAlgorithm
{
    private static readonly ConcurrentDictionary<PublicKeyAlgorithm, SignatureAlgorithm> known = new();

    private readonly byte[] der;

    private SignatureAlgorithm(KeyKind kind)
    {
        Oid = kind.SignatureOid;
        Digest = kind.Digest;
        der = DerEncoding.Of(kind, static (writer, kind) =>
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(kind.SignatureOid);
                if (kind.Algorithm == PublicKeyAlgorithm.Rsa)
                {
                    writer.WriteNull();
                }
            }
        });
    }

    /// <summary>Gets the object identifier, dotted.</summary>
    public string Oid { get; }

    /// <summary>Gets the hash that is signed; null where the bytes themselves are signed (of ML-DSA also their external
    /// mu).</summary>
    public HashAlgorithmName? Digest { get; }

    /// <summary>Returns the algorithm of a CA's key.</summary>
    public static SignatureAlgorithm Of(KeySpec spec) => OfKind(KeySpecs.KindOf(spec));

    /// <summary>Returns the algorithm that a subject's key signs requests with: that of a CA's key of its kind, or the pure one
    /// of Ed25519 and Ed448 (RFC 8410 §6). Null for RSA of a size that no CA has.</summary>
    public static SignatureAlgorithm? Of(PublicKey key)
    {
        KeyKind kind = KeyKind.Of(key.Algorithm);
        return kind.Digest is null || KeySpecs.Of(key) is not null ? OfKind(kind) : null;
    }

    private static SignatureAlgorithm OfKind(KeyKind kind) => known.GetOrAdd(kind.Algorithm, static (_, kind) => new SignatureAlgorithm(kind), kind);

    /// <summary>Gets the AlgorithmIdentifier, DER. RSA has NULL parameters (RFC 4055 §5), the others have none (RFC 5758 §3.2, RFC
    /// 9881 §2).</summary>
    public ReadOnlyMemory<byte> Der => der;

    /// <summary>Compares the DER.</summary>
    public bool Equals(SignatureAlgorithm? other) => other is not null && der.AsSpan().SequenceEqual(other.der);

    /// <inheritdoc/>
    public override int GetHashCode() => Oid.GetHashCode(StringComparison.Ordinal);

    /// <summary>Writes the AlgorithmIdentifier.</summary>
    public void Write(AsnWriter writer) => writer.WriteEncodedValue(der);
}

/// <summary>An AlgorithmIdentifier, which is split into its parts (RFC 5280 §4.1.1.2). Immutable.</summary>
/// <param name="Oid">The algorithm, dotted.</param>
/// <param name="Parameters">The parameters as DER; null when absent.</param>
internal readonly record struct AlgorithmIdentifier(string Oid, ReadOnlyMemory<byte>? Parameters)
{
    private static readonly byte[] Null = [5, 0];

    /// <summary>Says whether there are no parameters.</summary>
    public bool HasNoParameters => Parameters is null;

    /// <summary>Says whether the parameters are NULL.</summary>
    public bool HasNullParameters => Parameters is { } parameters && parameters.Span.SequenceEqual(Null);

    /// <summary>Reads the identifier that comes next.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static AlgorithmIdentifier Read(AsnReader reader)
    {
        AsnReader sequence = reader.ReadSequence();
        string oid = sequence.ReadObjectIdentifier();
        ReadOnlyMemory<byte>? parameters = sequence.HasData ? sequence.ReadEncodedValue() : default(ReadOnlyMemory<byte>?);
        sequence.ThrowIfNotEmpty();
        return new(oid, parameters);
    }

    /// <summary>Reads an identifier that is alone.</summary>
    /// <exception cref="AsnContentException">Not DER, or not of this form.</exception>
    public static AlgorithmIdentifier Decode(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        AlgorithmIdentifier identifier = Read(reader);
        reader.ThrowIfNotEmpty();
        return identifier;
    }
}

/// <summary>Lists the object identifiers of key and signature algorithms.</summary>
internal static class AlgorithmOids
{
    // RFC 8017 appendix A, RFC 4055
    public const string Rsa = "1.2.840.113549.1.1.1";
    public const string Md5WithRsa = "1.2.840.113549.1.1.4";
    public const string Sha1WithRsa = "1.2.840.113549.1.1.5";
    public const string Mgf1 = "1.2.840.113549.1.1.8";
    public const string RsaPss = "1.2.840.113549.1.1.10";
    public const string Sha256WithRsa = "1.2.840.113549.1.1.11";
    public const string Sha384WithRsa = "1.2.840.113549.1.1.12";
    public const string Sha512WithRsa = "1.2.840.113549.1.1.13";

    // RFC 5480, RFC 5758
    public const string EcPublicKey = "1.2.840.10045.2.1";
    public const string P256 = "1.2.840.10045.3.1.7";
    public const string P384 = "1.3.132.0.34";
    public const string P521 = "1.3.132.0.35";
    public const string EcdsaWithSha1 = "1.2.840.10045.4.1";
    public const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    public const string EcdsaWithSha384 = "1.2.840.10045.4.3.3";
    public const string EcdsaWithSha512 = "1.2.840.10045.4.3.4";

    // RFC 8410
    public const string Ed25519 = "1.3.101.112";
    public const string Ed448 = "1.3.101.113";

    // RFC 9881
    public const string MlDsa44 = "2.16.840.1.101.3.4.3.17";
    public const string MlDsa65 = "2.16.840.1.101.3.4.3.18";
    public const string MlDsa87 = "2.16.840.1.101.3.4.3.19";

    // RFC 4055 section 2.1, as the hash of RSASSA-PSS
    public const string Sha1 = "1.3.14.3.2.26";
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";
    public const string Sha384 = "2.16.840.1.101.3.4.2.2";
    public const string Sha512 = "2.16.840.1.101.3.4.2.3";
}
