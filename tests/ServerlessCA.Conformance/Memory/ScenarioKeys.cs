using System.Collections.Concurrent;
using System.Security.Cryptography;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Conformance.Memory;

/// <summary>The keys of both CAs. Cases with the same kinds of keys share them; RSA keys are files, as making one takes
/// seconds.</summary>
internal sealed class ScenarioKeys : ICaKeys
{
    private static readonly ConcurrentDictionary<(string Role, KeySpec Spec), Lazy<ICaKey>> Known = [];
    private readonly Dictionary<string, ICaKey> byName = [];

    private ScenarioKeys(ICaKey root, ICaKey issuing)
    {
        Root = root;
        Issuing = issuing;
    }

    public ICaKey Root { get; }

    public ICaKey Issuing { get; }

    public static ScenarioKeys Of(KeySpec root, KeySpec issuing) => new(Find("root", root), Find("issuing", issuing));

    /// <summary>Gives the keys the names of the CAs.</summary>
    public void Name(string rootCa, string issuingCa)
    {
        byName[rootCa] = Root;
        byName[issuingCa] = Issuing;
    }

    public Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation) => Task.FromResult(byName.GetValueOrDefault(caName));

    private static ICaKey Find(string role, KeySpec spec) =>
        Known.GetOrAdd((role, spec), _ => new Lazy<ICaKey>(() => IsRsa(spec) ? ReadRsa(role, spec) : Make(role, spec))).Value;

    private static bool IsRsa(KeySpec spec) => spec is KeySpec.Rsa2048 or KeySpec.Rsa3072 or KeySpec.Rsa4096;

    private static MemoryKey ReadRsa(string role, KeySpec spec)
    {
        string pkcs1 = Vectors.Read("keys", "rsa.json")[spec.ToString()]![role]!.GetValue<string>();
        var key = RSA.Create();
        key.ImportRSAPrivateKey(Convert.FromBase64String(pkcs1), out _);
        return MemoryKey.Of(spec, key);
    }

    // Memory answers at once.
    private static ICaKey Make(string role, KeySpec spec) =>
        new MemoryKeys().With(role, spec).FindAsync(role, CancellationToken.None).Result!;
}
