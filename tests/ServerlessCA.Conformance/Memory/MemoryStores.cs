using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Running;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Memory;

/// <summary>The stores of a case, in memory.</summary>
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
