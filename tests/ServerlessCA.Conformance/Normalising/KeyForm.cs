using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Describes algorithm identifiers and public keys.</summary>
internal static class KeyForm
{
    private static readonly Dictionary<string, string> Algorithms = new()
    {
        ["1.2.840.113549.1.1.1"] = "RSA", ["1.2.840.10045.2.1"] = "EC",
        ["1.3.101.112"] = "Ed25519", ["1.3.101.113"] = "Ed448",
        ["2.16.840.1.101.3.4.3.17"] = "ML-DSA-44", ["2.16.840.1.101.3.4.3.18"] = "ML-DSA-65",
        ["2.16.840.1.101.3.4.3.19"] = "ML-DSA-87",
    };

    private static readonly Dictionary<string, string> Curves = new()
    {
        ["1.2.840.10045.3.1.7"] = "P-256", ["1.3.132.0.34"] = "P-384", ["1.3.132.0.35"] = "P-521",
    };

    /// <summary>Describes an AlgorithmIdentifier: its OID, and its parameters as <c>absent</c>, <c>NULL</c> or hex.</summary>
    public static JsonObject OfAlgorithm(DerNode algorithm) =>
        new() { ["oid"] = algorithm.Child(0).Oid(), ["params"] = Parameters(algorithm) };

    /// <summary>Describes a SubjectPublicKeyInfo.</summary>
    public static JsonObject Of(DerNode keyInfo)
    {
        DerNode algorithm = keyInfo.Child(0);
        ReadOnlyMemory<byte> key = keyInfo.Child(1).Bits();
        string oid = algorithm.Child(0).Oid();
        string name = Algorithms.GetValueOrDefault(oid, oid);
        JsonObject form = new() { ["alg"] = name };
        switch (name)
        {
            case "RSA":
                DerNode numbers = DerNode.Parse(key);
                form["bits"] = (long)BigInteger.Abs(numbers.Child(0).Integer()).GetBitLength();
                form["exponent"] = JsonNumber.Of(numbers.Child(1).Integer());
                break;
            case "EC":
                form["curve"] = Curve(algorithm.Child(1));
                form["point"] = Point(key.Span);
                break;
        }

        form["params"] = name == "EC" ? "namedCurve" : Parameters(algorithm);
        return form;
    }

    private static string Parameters(DerNode algorithm)
    {
        if (algorithm.Children.Count == 1)
        {
            return "absent";
        }

        ReadOnlySpan<byte> raw = algorithm.Child(1).Raw.Span;
        return raw is [0x05, 0x00] ? "NULL" : Convert.ToHexStringLower(raw);
    }

    private static string Curve(DerNode parameters)
    {
        if (parameters.Tag != 6)
        {
            return "explicit";
        }

        string oid = parameters.Oid();
        return Curves.GetValueOrDefault(oid, oid);
    }

    private static string Point(ReadOnlySpan<byte> key) => key.IsEmpty
        ? throw new DerException("no public key")
        : key[0] switch { 4 => "uncompressed", 2 or 3 => "compressed", _ => "other" };
}

/// <summary>Holds the keys of the CAs of one case, by role, to which signatures, keys and key identifiers are traced
/// back.</summary>
internal sealed class CaKeys(IReadOnlyList<KeyValuePair<string, byte[]>> keyInfosByRole)
{
    /// <summary>Says whose key a SubjectPublicKeyInfo is; returns its digest when it belongs to no CA here.</summary>
    public string NameOf(ReadOnlyMemory<byte> keyInfo)
    {
        string? role = keyInfosByRole.FirstOrDefault(known => known.Value.AsSpan().SequenceEqual(keyInfo.Span)).Key;
        return role ?? "spki sha256=" + Convert.ToHexStringLower(SHA256.HashData(keyInfo.Span))[..32];
    }

    /// <summary>Says who signed.</summary>
    public string SignerOf(SignedDer frame) =>
        keyInfosByRole.FirstOrDefault(known => SignatureCheck.Verifies(known.Value, frame)).Key ?? "nobody known";

    /// <summary>Says how a key identifier was computed, and from whose key.</summary>
    /// <param name="keyId">In hex.</param>
    /// <param name="subjectKeyInfo">The certificate's own key, which is tried first.</param>
    public string MethodOf(string keyId, ReadOnlyMemory<byte>? subjectKeyInfo)
    {
        IEnumerable<KeyValuePair<string, byte[]>> candidates = subjectKeyInfo is { } own
            ? keyInfosByRole.Prepend(new("subject key", own.ToArray()))
            : keyInfosByRole;
        return candidates.Select(candidate => Method(keyId, candidate.Key, candidate.Value)).FirstOrDefault(found => found is not null)
            ?? $"unknown ({keyId.Length / 2} bytes)";
    }

#pragma warning disable CA5350 // RFC 5280 §4.2.1.2 names keys by SHA-1; nothing is trusted because of it.
    private static string? Method(string keyId, string who, byte[] keyInfo)
    {
        ReadOnlySpan<byte> bits = DerNode.Parse(keyInfo).Child(1).Bits().Span;
        if (keyId == Convert.ToHexStringLower(SHA1.HashData(bits)))
        {
            return $"sha1 of the bits of {who}";
        }

        if (keyId == Convert.ToHexStringLower(SHA1.HashData(keyInfo)))
        {
            return $"sha1 of the SubjectPublicKeyInfo of {who}";
        }

        bool truncated = keyId == Convert.ToHexStringLower(SHA256.HashData(bits))[..40];
        return truncated ? $"truncated sha256 of the bits of {who}" : null;
    }
#pragma warning restore CA5350
}
