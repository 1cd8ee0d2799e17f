using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Running;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Memory;

/// <summary>Holds the stores of a case, in memory.</summary>
internal sealed class MemoryStores(ScenarioCase scenario, ScenarioSettings settings) : ICaseStores
{
    private readonly ScenarioKeys keys = ScenarioKeys.Of(settings.RootKey, settings.IssuingKey);
    private readonly ScenarioLedger ledger = ScenarioLedger.Create();
    private readonly MemoryInternalFiles internalFiles = new() { Location = "S3 bucket 'internal-bucket'" };
    private readonly MemoryPublishedFiles publishedFiles = new();
    private readonly MemoryPublishedFiles crlCopies = new();
    private readonly ScenarioSerials serials = new(scenario.Name);

    public Recorder Recorder { get; } = new();

    public ReadOnlyMemory<byte> RootKey => keys.Root.SubjectPublicKeyInfo;

    public ReadOnlyMemory<byte> IssuingKey => keys.Issuing.SubjectPublicKeyInfo;

    public ScenarioClock Clock { get; } = new(settings.Clock);

    public ICertificateLedger Ledger => ledger;

    public ScenarioWorld World(ScenarioSettings current)
    {
        Core.Settings.CaSettings core = current.Core;
        keys.Name(core.Names.RootCa, core.Names.IssuingCa);
        return new ScenarioWorld(
            core, current.Slack, keys,
            new RecordingLedger(ledger, core.Names.Table, Recorder, ReadItemAsync),
            internalFiles,
            new RecordingFiles(publishedFiles, Recorder),
            new RecordingFiles(crlCopies, Recorder, "internal-bucket"),
            new RecordingNotifier(Recorder),
            arguments => Recorder.PostToSlack(arguments, current.Slack),
            serials, Clock);
    }

    public Task PutInternalAsync(string key, string text, CancellationToken cancellation)
    {
        internalFiles.With(key, text);
        return Task.CompletedTask;
    }

    public Task DeleteInternalAsync(string key, CancellationToken cancellation)
    {
        internalFiles.Remove(key);
        return Task.CompletedTask;
    }

    public Task PutRowAsync(CertificateRecord row, CancellationToken cancellation)
    {
        ledger.Put(row);
        return Task.CompletedTask;
    }

    public Task<CertificateRecord?> RemoveRowAsync(RowId id, CancellationToken cancellation) => Task.FromResult(ledger.Remove(id));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<JsonObject?> ReadItemAsync(RowId id, CancellationToken cancellation) =>
        DynamoItem.Of(await ledger.FindAsync(id.CommonName, id.SerialNumber, cancellation));
}

/// <summary>Holds the keys of both CAs. Cases with the same kinds of keys share them; RSA keys are files, as making one takes
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

/// <summary>Draws serial numbers that look random and are the same on every run: digests of the case and a count.</summary>
internal sealed class ScenarioSerials(string caseName) : ISerialSource
{
    private int drawn;

    public SerialNumber Draw()
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{caseName} {++drawn}"));
        digest[0] = (byte)((digest[0] & 0x3F) | 0x40); // positive, and never short
        return SerialNumber.Of(new BigInteger(digest.AsSpan(0, SerialNumber.MaxOctets), isBigEndian: true));
    }
}

/// <summary>Is a clock that stands still until a scenario moves it, forward or back.</summary>
internal sealed class ScenarioClock(DateTimeOffset start) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = start;

    public override DateTimeOffset GetUtcNow() => Now;
}
