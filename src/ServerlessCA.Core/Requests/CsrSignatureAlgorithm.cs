using System.Formats.Asn1;
using System.Security.Cryptography;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Core.Requests;

/// <summary>Explains the algorithm that a CSR is signed with, to the person who made it.</summary>
internal static class CsrSignatureAlgorithm
{
    private const string Hashes = "SHA-256, SHA-384 or SHA-512";
    private const string Better = $"sign it with {Hashes}, as 'openssl req -sha256' does";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        [AlgorithmOids.Md5WithRsa] = "RSA with MD5",
        [AlgorithmOids.Sha1WithRsa] = "RSA with SHA-1",
        [AlgorithmOids.Sha256WithRsa] = "RSA with SHA-256",
        [AlgorithmOids.Sha384WithRsa] = "RSA with SHA-384",
        [AlgorithmOids.Sha512WithRsa] = "RSA with SHA-512",
        [AlgorithmOids.RsaPss] = "RSASSA-PSS",
        [AlgorithmOids.EcdsaWithSha1] = "ECDSA with SHA-1",
        [AlgorithmOids.EcdsaWithSha256] = "ECDSA with SHA-256",
        [AlgorithmOids.EcdsaWithSha384] = "ECDSA with SHA-384",
        [AlgorithmOids.EcdsaWithSha512] = "ECDSA with SHA-512",
    };

    // Hashes that sound strong enough that a refusal needs an explanation. RFC 8017 A.2.4, RFC 5758 §3.2; NIST's register of algorithms.
    private static readonly Dictionary<string, string> OtherHashes = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.2"] = "RSA with MD2",
        ["1.2.840.113549.1.1.3"] = "RSA with MD4",
        ["1.2.840.113549.1.1.14"] = "RSA with SHA-224",
        ["1.2.840.113549.1.1.15"] = "RSA with SHA-512/224",
        ["1.2.840.113549.1.1.16"] = "RSA with SHA-512/256",
        ["1.2.840.10045.4.3.1"] = "ECDSA with SHA-224",
        ["2.16.840.1.101.3.4.3.9"] = "ECDSA with SHA3-224",
        ["2.16.840.1.101.3.4.3.10"] = "ECDSA with SHA3-256",
        ["2.16.840.1.101.3.4.3.11"] = "ECDSA with SHA3-384",
        ["2.16.840.1.101.3.4.3.12"] = "ECDSA with SHA3-512",
        ["2.16.840.1.101.3.4.3.13"] = "RSA with SHA3-224",
        ["2.16.840.1.101.3.4.3.14"] = "RSA with SHA3-256",
        ["2.16.840.1.101.3.4.3.15"] = "RSA with SHA3-384",
        ["2.16.840.1.101.3.4.3.16"] = "RSA with SHA3-512",
    };

    /// <summary>Says why a signature cannot be checked, and what to do.</summary>
    /// <param name="algorithmDer">A DER SEQUENCE that begins with an OID.</param>
    public static string WhyNotSupported(ReadOnlyMemory<byte> algorithmDer)
    {
        AsnReader sequence = new AsnReader(algorithmDer, AsnEncodingRules.DER).ReadSequence();
        string oid = sequence.ReadObjectIdentifier();
        if (oid == AlgorithmOids.RsaPss)
        {
            return $"CSR is signed with RSASSA-PSS of an unusual form: sign it with {Hashes} as both hash and mask hash, or with plain RSA";
        }

        if ((Names.GetValueOrDefault(oid) ?? KeyKind.PureKinds.FirstOrDefault(kind => kind.SignatureOid == oid)?.Name) is { } known)
        {
            string parameters = sequence.HasData && sequence.PeekTag() == Asn1Tag.Null ? "NULL as parameters" : "parameters";
            string rule = known.StartsWith("RSA", StringComparison.Ordinal) ? "RSA has NULL there" : "there must be none";
            return $"CSR says that it is signed with {known}, and has {parameters} beside it, but {rule} "
                + "(RFC 5758 section 3.2, RFC 4055 section 5): make it again with another program, such as openssl";
        }

        return OtherHashes.TryGetValue(oid, out string? other)
            ? $"CSR is signed with {other}, which is not supported: {Better}"
            : $"CSR signature algorithm {oid} is not supported: sign with RSA or ECDSA and {Hashes}, Ed25519, Ed448 or pure ML-DSA";
    }

    /// <summary>Returns the warning about a broken hash, which is accepted because such a signature still proves possession of
    /// the key, while programs stop making and reading them. Null for other hashes.</summary>
    public static string? WarningOf(HashAlgorithmName? digest)
    {
        string? weak = digest == HashAlgorithmName.MD5 ? "MD5" : digest == HashAlgorithmName.SHA1 ? "SHA-1" : null;
        return weak is null ? null : $"CSR: it is signed with {weak}, which is broken: for the next one, {Better}";
    }
}
