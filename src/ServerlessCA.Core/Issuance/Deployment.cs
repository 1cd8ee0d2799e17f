using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Everything the use cases of one deployment work with: its settings and the adapters of its ports.
/// Put together by a host. Immutable.</summary>
/// <param name="Settings">How it is set up.</param>
/// <param name="Keys">The key service.</param>
/// <param name="Ledger">What it remembers.</param>
/// <param name="InternalFiles">What the operator hands in.</param>
/// <param name="PublishedFiles">What the world may download.</param>
/// <param name="CrlCopies">The internal store, where a copy of every CRL is put before it is published (contract 12.21).</param>
/// <param name="Notifier">Who is told.</param>
/// <param name="Serials">Where serial numbers come from.</param>
/// <param name="Clock">What time it is.</param>
public sealed record Deployment(
    CaSettings Settings,
    ICaKeys Keys,
    ICertificateLedger Ledger,
    IInternalFiles InternalFiles,
    IPublishedFiles PublishedFiles,
    IPublishedFiles CrlCopies,
    INotifier Notifier,
    ISerialSource Serials,
    TimeProvider Clock);
