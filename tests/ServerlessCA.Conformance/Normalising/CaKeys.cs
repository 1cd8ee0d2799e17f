using System.Security.Cryptography;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>The keys of the CAs of one case, by role: what signatures, keys and key identifiers are traced back to.</summary>
internal sealed class CaKeys(IReadOnlyList<KeyValuePair<string, byte[]>> keyInfosByRole)
{
    /// <summary>Whose key a SubjectPublicKeyInfo is; its digest when it is nobody's here.</summary>
    public string NameOf(ReadOnlyMemory<byte> keyInfo)
    {
        string? role = keyInfosByRole.FirstOrDefault(known => known.Value.AsSpan().SequenceEqual(keyInfo.Span)).Key;
        return role ?? "spki sha256=" + Convert.ToHexStringLower(SHA256.HashData(keyInfo.Span))[..32];
    }

    /// <summary>Who signed.</summary>
    public string SignerOf(SignedDer frame) =>
        keyInfosByRole.FirstOrDefault(known => SignatureCheck.Verifies(known.Value, frame)).Key ?? "nobody known";

    /// <summary>How a key identifier was computed, and from whose key.</summary>
    /// <param name="keyId">Hex.</param>
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
