using System.Security.Cryptography;
using ServerlessCA.Aws.Kms;
using ServerlessCA.Core.Keys;

namespace ServerlessCA.Cli.Keys;

/// <summary>Subject keys that KMS draws.</summary>
internal static class DrawnSubjectKey
{
    /// <summary>The names of <c>--key-type</c> that KMS draws keys of.</summary>
    private static readonly Dictionary<string, KeySpec> Specs = new(StringComparer.Ordinal)
    {
        ["ec-p256"] = KeySpec.EccNistP256,
        ["ec-p384"] = KeySpec.EccNistP384,
        ["ec-p521"] = KeySpec.EccNistP521,
        ["rsa-2048"] = KeySpec.Rsa2048,
        ["rsa-3072"] = KeySpec.Rsa3072,
        ["rsa-4096"] = KeySpec.Rsa4096,
    };

    /// <summary>What KMS calls a type.</summary>
    /// <exception cref="CommandFault">KMS draws no such keys.</exception>
    public static KeySpec SpecOf(string type) => Specs.TryGetValue(type, out KeySpec spec)
        ? spec
        : throw CommandFault.Usage($"KMS draws no keys of type '{type}'", $"leave --kms-keygen out, or choose --key-type from {string.Join(", ", Specs.Keys)}");

    /// <summary>Has one drawn; what came over the wire is wiped.</summary>
    public static async Task<SubjectKey> DrawAsync(TlsKeyGenerator generator, KeySpec spec, CancellationToken cancellation)
    {
        using GeneratedKeyPair pair = await generator.GenerateAsync(spec, cancellation);
        AsymmetricAlgorithm key = spec is KeySpec.Rsa2048 or KeySpec.Rsa3072 or KeySpec.Rsa4096 ? RSA.Create() : ECDsa.Create();
        key.ImportPkcs8PrivateKey(pair.Pkcs8.Span, out _);
        return new PlatformSubjectKey(key);
    }
}
