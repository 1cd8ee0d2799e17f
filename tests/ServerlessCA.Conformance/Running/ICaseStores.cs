using ServerlessCA.Conformance.Memory;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Running;

/// <summary>The stores of one case: empty at first, and the same while its settings change.</summary>
internal interface ICaseStores : IAsyncDisposable
{
    /// <summary>What the steps changed.</summary>
    Recorder Recorder { get; }

    /// <summary>The root CA's key, DER SubjectPublicKeyInfo.</summary>
    ReadOnlyMemory<byte> RootKey { get; }

    /// <summary>The issuing CA's.</summary>
    ReadOnlyMemory<byte> IssuingKey { get; }

    /// <summary>The clock, which stands still until a step moves it.</summary>
    ScenarioClock Clock { get; }

    /// <summary>The ledger as it is, unrecorded.</summary>
    ICertificateLedger Ledger { get; }

    /// <summary>The world as the product sees it under some settings.</summary>
    ScenarioWorld World(ScenarioSettings current);

    /// <summary>The operator hands in a file.</summary>
    Task PutInternalAsync(string key, string text, CancellationToken cancellation);

    /// <summary>The operator takes a file away.</summary>
    Task DeleteInternalAsync(string key, CancellationToken cancellation);

    /// <summary>The operator puts a row in place, whatever was there.</summary>
    Task PutRowAsync(CertificateRecord row, CancellationToken cancellation);

    /// <summary>The operator removes a row; what belongs to it, such as the reservation of its key, stays.</summary>
    /// <returns>The row; null when there was none.</returns>
    Task<CertificateRecord?> RemoveRowAsync(RowId id, CancellationToken cancellation);
}

/// <summary>Makes the stores of a case.</summary>
internal delegate Task<ICaseStores> StoresFactory(ScenarioCase scenario, ScenarioSettings settings);
