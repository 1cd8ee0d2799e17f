using System.Security.Cryptography;

namespace ServerlessCA.Core.Keys;

/// <summary>Provides bytes to be signed, as often as needed: a certificate's TBS in memory, or a CRL's TBS in a spool file. See
/// docs/decisions/0002-signed-content.md.</summary>
public interface ISignedContent
{
    /// <summary>Passes all bytes, in order and in pieces, to <paramref name="sink"/>.</summary>
    void CopyTo(ContentSink sink);
}

/// <summary>Receives a piece of content.</summary>
public delegate void ContentSink(ReadOnlySpan<byte> piece);

/// <summary>Makes <see cref="ISignedContent"/>, and reduces it to what key services sign.</summary>
public static class SignedContent
{
    /// <summary>Makes content of bytes in memory; does not copy them.</summary>
    public static ISignedContent Of(ReadOnlyMemory<byte> bytes) => new Bytes(bytes);

    /// <summary>Computes the hash of all bytes.</summary>
    public static byte[] Digest(this ISignedContent content, HashAlgorithmName algorithm)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        content.CopyTo(hash.AppendData);
        return hash.GetHashAndReset();
    }

    /// <summary>Computes the external mu of pure ML-DSA with an empty context: SHAKE256(SHAKE256(pk, 64) ‖ 0 ‖ 0 ‖ M, 64) (FIPS
    /// 204 algorithms 2 and 7). KMS signs it as <c>EXTERNAL_MU</c>, whatever the size of the content.</summary>
    /// <param name="content">The message M.</param>
    /// <param name="mlDsaSpki">The key as DER SubjectPublicKeyInfo.</param>
    /// <returns>64 octets.</returns>
    /// <exception cref="ArgumentException">The key is not an ML-DSA key.</exception>
    public static byte[] ExternalMu(this ISignedContent content, ReadOnlyMemory<byte> mlDsaSpki)
    {
        if (!PublicKey.TryParse(mlDsaSpki, out PublicKey? key, out string? why))
        {
            throw new ArgumentException(why, nameof(mlDsaSpki));
        }

        return KeyKind.Of(key.Algorithm).IsMlDsa
            ? SoftwareSignatures.ExternalMu(key, content)
            : throw new ArgumentException($"the key is {key.Algorithm}, not ML-DSA", nameof(mlDsaSpki));
    }

    private sealed class Bytes(ReadOnlyMemory<byte> bytes) : ISignedContent
    {
        public void CopyTo(ContentSink sink) => sink(bytes.Span);
    }
}
