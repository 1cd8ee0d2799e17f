using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Running;

/// <summary>Steps that change the world behind the product's back: files, rows, the clock.</summary>
internal sealed class StoreSteps(ICaseStores stores, IReadOnlyDictionary<string, string> csrs)
{
    /// <exception cref="ArgumentException">A step that the format does not have.</exception>
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
