using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Memory;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Conformance.Running;

/// <summary>Holds the stores of one case: empty at first, and the same while its settings change.</summary>
internal interface ICaseStores : IAsyncDisposable
{
    /// <summary>Gets what the steps changed.</summary>
    Recorder Recorder { get; }

    /// <summary>Gets the root CA's key, DER SubjectPublicKeyInfo.</summary>
    ReadOnlyMemory<byte> RootKey { get; }

    /// <summary>Gets the issuing CA's key, DER SubjectPublicKeyInfo.</summary>
    ReadOnlyMemory<byte> IssuingKey { get; }

    /// <summary>Gets the clock, which stands still until a step moves it.</summary>
    ScenarioClock Clock { get; }

    /// <summary>Gets the ledger as it is, unrecorded.</summary>
    ICertificateLedger Ledger { get; }

    /// <summary>Returns the world as the product sees it under some settings.</summary>
    ScenarioWorld World(ScenarioSettings current);

    /// <summary>Stores a file as the operator does.</summary>
    Task PutInternalAsync(string key, string text, CancellationToken cancellation);

    /// <summary>Deletes a file as the operator does.</summary>
    Task DeleteInternalAsync(string key, CancellationToken cancellation);

    /// <summary>Stores a row as the operator can, whatever was there.</summary>
    Task PutRowAsync(CertificateRecord row, CancellationToken cancellation);

    /// <summary>Removes a row as the operator can; what belongs to it, such as the reservation of its key, stays.</summary>
    /// <returns>The row; null when there was none.</returns>
    Task<CertificateRecord?> RemoveRowAsync(RowId id, CancellationToken cancellation);
}

/// <summary>Makes the stores of a case.</summary>
internal delegate Task<ICaseStores> StoresFactory(ScenarioCase scenario, ScenarioSettings settings);

/// <summary>Holds all that the product finds around itself in a case.</summary>
/// <param name="Settings">The settings of the deployment.</param>
/// <param name="Slack">The settings of the notify function: see <see cref="Scenarios.ScenarioSettings.Slack"/>.</param>
/// <param name="Keys">The key service.</param>
/// <param name="Ledger">The table; changes are recorded.</param>
/// <param name="InternalFiles">The files that the operator hands in.</param>
/// <param name="PublishedFiles">The files that everybody may download; recorded.</param>
/// <param name="CrlCopies">The copies of CRLs; recorded.</param>
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

/// <summary>Carries out steps that change the world without the product: files, rows, the clock.</summary>
internal sealed class StoreSteps(ICaseStores stores, IReadOnlyDictionary<string, string> csrs)
{
    /// <summary>Carries out a step.</summary>
    /// <exception cref="ArgumentException">The format does not have this step.</exception>
    public async Task RunAsync(string op, JsonObject fields, CancellationToken cancellation)
    {
        switch (op)
        {
            case "put_internal":
                await stores.PutInternalAsync(Text(fields, "key"), Content(fields), cancellation);
                break;
            case "delete_internal":
                await stores.DeleteInternalAsync(Text(fields, "key"), cancellation);
                break;
            case "set_db":
                await ReplaceAsync(fields, row => DynamoItem.With(row, fields["attributes"]!.AsObject()), cancellation);
                break;
            case "delete_db":
                await stores.RemoveRowAsync(Id(fields), cancellation);
                break;
            case "move_db":
                await ReplaceAsync(fields, row => row with { SerialNumber = SortKey(Text(fields, "to")) }, cancellation);
                break;
            case "advance":
                stores.Clock.Now += TimeSpan.FromSeconds(fields["seconds"]!.GetValue<double>());
                break;
            case "set_clock":
                stores.Clock.Now = ScenarioSettings.Instant(Text(fields, "to"));
                break;
            default:
                throw new ArgumentException($"'{op}' is not a step of the scenario format", nameof(op));
        }
    }

    private string Content(JsonObject fields) => (fields["csr"], fields["text"]) switch
    {
        ({ } name, _) => csrs[name.GetValue<string>()],
        (_, { } text) => text.GetValue<string>(),
        _ => fields["json"]?.ToJsonString() ?? "null",
    };

    // A request that was refused left no row; a later step then has nothing to edit.
    private async Task ReplaceAsync(JsonObject fields, Func<CertificateRecord, CertificateRecord> edit, CancellationToken cancellation)
    {
        if (await stores.RemoveRowAsync(Id(fields), cancellation) is { } row)
        {
            await stores.PutRowAsync(edit(row), cancellation);
        }
    }

    private static RowId Id(JsonObject fields) => new(Text(fields, "common_name"), SortKey(Text(fields, "serial")));

    // Scenarios move rows to the end of a name's rows with a number over 20 octets, which no certificate may have
    // (RFC 5280 §4.1.2.2). The largest that one may have sorts last as well.
    private static SerialNumber SortKey(string text) =>
        SerialNumber.TryParse(text, out SerialNumber serial) ? serial : SerialNumber.Of((System.Numerics.BigInteger.One << 159) - 1);

    private static string Text(JsonObject fields, string name) => fields[name]!.GetValue<string>();
}
