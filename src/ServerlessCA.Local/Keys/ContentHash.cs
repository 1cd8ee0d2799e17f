using System.Security.Cryptography;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Local.Keys;

/// <summary>Digest of content that comes in pieces.</summary>
internal static class ContentHash
{
    public static byte[] Of(ISignedContent content, HashAlgorithmName algorithm)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        content.CopyTo(hash.AppendData);
        return hash.GetHashAndReset();
    }
}
