using System.Collections.Concurrent;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Conformance.Memory;

/// <summary>The keys of both CAs. Cases with the same kinds of keys share them, as making an RSA key takes long.</summary>
internal sealed class ScenarioKeys : ICaKeys
{
    private static readonly ConcurrentDictionary<(string Role, KeySpec Spec), Lazy<SoftwareKey>> Made = [];
    private readonly Dictionary<string, ICaKey> byName = [];

    private ScenarioKeys(ICaKey root, ICaKey issuing)
    {
        Root = root;
        Issuing = issuing;
    }

    public ICaKey Root { get; }

    public ICaKey Issuing { get; }

    public static ScenarioKeys Of(KeySpec root, KeySpec issuing) => new(Make("root", root), Make("issuing", issuing));

    /// <summary>Gives the keys the names of the CAs.</summary>
    public void Name(string rootCa, string issuingCa)
    {
        byName[rootCa] = Root;
        byName[issuingCa] = Issuing;
    }

    public Task<ICaKey?> FindAsync(string caName, CancellationToken cancellation) => Task.FromResult(byName.GetValueOrDefault(caName));

    private static SoftwareKey Make(string role, KeySpec spec) =>
        Made.GetOrAdd((role, spec), _ => new Lazy<SoftwareKey>(() => SoftwareKey.Make(spec))).Value;
}
