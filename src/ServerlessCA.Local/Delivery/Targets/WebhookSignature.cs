using System.Security.Cryptography;
using System.Text;

namespace ServerlessCA.Local.Delivery.Targets;

/// <summary>Signs webhook calls: HMAC-SHA256 (RFC 2104) over the timestamp, a dot and the body. The timestamp is signed
/// so that a receiver can refuse a call that somebody recorded and sends again later.</summary>
internal static class WebhookSignature
{
    /// <summary>The header's value: <c>v1=</c> and 64 hexadecimal digits.</summary>
    /// <param name="secret">Its UTF-8 bytes are the key.</param>
    /// <param name="timestamp">As the header has it.</param>
    /// <param name="body">As it is sent.</param>
    public static string Of(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] key = Encoding.UTF8.GetBytes(secret);
        try
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hash.AppendData(Encoding.ASCII.GetBytes(timestamp + "."));
            hash.AppendData(body);
            return $"v1={Convert.ToHexStringLower(hash.GetHashAndReset())}";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
