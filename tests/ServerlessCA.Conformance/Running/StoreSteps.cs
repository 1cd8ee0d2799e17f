using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Recording;
using ServerlessCA.Conformance.Scenarios;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Running;

/// <summary>Steps that change the world behind the product's back: files, rows, the clock.</summary>
internal sealed class StoreSteps(CaseStores stores, IReadOnlyDictionary<string, string> csrs)
{
    /// <exception cref="ArgumentException">A step that the format does not have.</exception>
    public void Run(string op, JsonObject fields)
    {
        switch (op)
        {
            case "put_internal":
                stores.InternalFiles.With(Text(fields, "key"), Content(fields));
                break;
            case "delete_internal":
                stores.InternalFiles.Remove(Text(fields, "key"));
                break;
            case "set_db":
                Replace(fields, row => DynamoItem.With(row, fields["attributes"]!.AsObject()));
                break;
            case "delete_db":
                stores.Ledger.Remove(Id(fields));
                break;
            case "move_db":
                Replace(fields, row => row with { SerialNumber = SortKey(Text(fields, "to")) });
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
    private void Replace(JsonObject fields, Func<CertificateRecord, CertificateRecord> edit)
    {
        if (stores.Ledger.Remove(Id(fields)) is { } row)
        {
            stores.Ledger.Put(edit(row));
        }
    }

    private static RowId Id(JsonObject fields) => new(Text(fields, "common_name"), SortKey(Text(fields, "serial")));

    // Scenarios move rows to the end of a name's rows with a number over 20 octets, which no certificate may have
    // (RFC 5280 §4.1.2.2). The largest that one may have sorts last as well.
    private static SerialNumber SortKey(string text) =>
        SerialNumber.TryParse(text, out SerialNumber serial) ? serial : SerialNumber.Of((System.Numerics.BigInteger.One << 159) - 1);

    private static string Text(JsonObject fields, string name) => fields[name]!.GetValue<string>();
}
