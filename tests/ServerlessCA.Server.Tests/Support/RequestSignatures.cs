using System.Security.Cryptography;
using System.Text;

namespace ServerlessCA.Server.Tests.Support;

/// <summary>Signs calls as AWS SDKs do (Signature Version 4), without anything of the server's.</summary>
public static class RequestSignatures
{
    /// <summary>The header Authorization of a POST.</summary>
    public static string HeaderOf(
        string keyId, string secret, string path, string date, string scope, string signedHeaders, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        string canonicalHeaders = string.Concat(signedHeaders.Split(';').Select(name => $"{name}:{headers[name]}\n"));
        string canonical = $"POST\n{path}\n\n{canonicalHeaders}\n{signedHeaders}\n{Hex(SHA256.HashData(body))}";
        byte[] key = Encoding.UTF8.GetBytes($"AWS4{secret}");
        foreach (string part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        string toSign = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        string signature = Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        return $"AWS4-HMAC-SHA256 Credential={keyId}/{scope}, SignedHeaders={signedHeaders}, Signature={signature}";
    }

    private static string Hex(byte[] octets) => Convert.ToHexStringLower(octets);
}
