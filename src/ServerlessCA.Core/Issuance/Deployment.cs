using ServerlessCA.Core.History;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Core.Issuance;

/// <summary>Holds everything that the use cases of one deployment work with: its settings and the adapters of its ports. A host
/// puts it together. Immutable.</summary>
/// <param name="Settings">How the deployment is set up.</param>
/// <param name="Keys">The key service.</param>
/// <param name="Ledger">What the authority remembers.</param>
/// <param name="InternalFiles">The files that the operator hands in.</param>
/// <param name="PublishedFiles">The files that everybody may download.</param>
/// <param name="CrlCopies">The internal store, where a copy of every CRL is put before it is published (contract 12.21).</param>
/// <param name="Notifier">Where notifications go.</param>
/// <param name="Serials">The source of serial numbers.</param>
/// <param name="Clock">Gives the current time.</param>
public sealed record Deployment(
    CaSettings Settings,
    ICaKeys Keys,
    ICertificateLedger Ledger,
    IInternalFiles InternalFiles,
    IPublishedFiles PublishedFiles,
    IPublishedFiles CrlCopies,
    INotifier Notifier,
    ISerialSource Serials,
    TimeProvider Clock)
{
    /// <summary>Gets who works with it, for the history; null: the host does not know. A host with many callers has a copy for
    /// each.</summary>
    public Actor? Actor { get; init; }
}
