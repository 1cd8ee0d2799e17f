using System.Text.Json.Nodes;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Conformance.Running;

/// <summary>All that the product finds around itself in a case.</summary>
/// <param name="Settings">Of the deployment.</param>
/// <param name="Slack">Of the notify function: see <see cref="Scenarios.ScenarioSettings.Slack"/>.</param>
/// <param name="Keys">The key service.</param>
/// <param name="Ledger">The table; changes are recorded.</param>
/// <param name="InternalFiles">What the operator hands in.</param>
/// <param name="PublishedFiles">What the world may download; recorded.</param>
/// <param name="CrlCopies">Where copies of CRLs are kept; recorded.</param>
/// <param name="Notifier">The topic; recorded.</param>
/// <param name="PostToSlack">Takes the arguments of <c>chat.postMessage</c>, answers as Slack does; recorded.</param>
/// <param name="Serials">Random-looking, the same on every run.</param>
/// <param name="Clock">Stands still during a step.</param>
public sealed record ScenarioWorld(
    CaSettings Settings,
    JsonObject Slack,
    ICaKeys Keys,
    ICertificateLedger Ledger,
    IInternalFiles InternalFiles,
    IPublishedFiles PublishedFiles,
    IPublishedFiles CrlCopies,
    INotifier Notifier,
    Func<JsonObject, JsonObject> PostToSlack,
    ISerialSource Serials,
    TimeProvider Clock);
