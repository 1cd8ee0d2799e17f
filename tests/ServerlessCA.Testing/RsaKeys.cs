using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;

namespace ServerlessCA.Testing;

/// <summary>Hands out RSA keys that all tests share: making one takes seconds. The first two of every size are those of
/// <c>tests/vectors/keys/rsa.json</c>; others are made once a process.</summary>
public static class RsaKeys
{
    private static readonly ConcurrentDictionary<(int Bits, int Number), Lazy<RSAParameters>> Known = new();

    /// <summary>Returns a key.</summary>
    /// <param name="bits">2048, 3072 or 4096.</param>
    /// <param name="number">From 0; keys of different numbers differ.</param>
    public static RSA Of(int bits, int number) =>
        RSA.Create(Known.GetOrAdd((bits, number), static id => new(() => ReadOrMake(id.Bits, id.Number))).Value);

    private static RSAParameters ReadOrMake(int bits, int number)
    {
        using RSA key = RSA.Create();
        if (number < 2)
        {
            using JsonDocument stored = JsonDocument.Parse(File.ReadAllText(Repository.At("tests", "vectors", "keys", "rsa.json")));
            key.ImportRSAPrivateKey(stored.RootElement.GetProperty($"Rsa{bits}").GetProperty(number == 0 ? "root" : "issuing").GetBytesFromBase64(), out _);
        }
        else
        {
            key.KeySize = bits;
        }

        return key.ExportParameters(includePrivateParameters: true);
    }
}
