using System.Text.Json.Nodes;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Recording;

/// <summary>A ledger that records every change of a row, as the table would show it.</summary>
/// <param name="inner">The ledger that stores.</param>
/// <param name="tableName">The table of the contract.</param>
/// <param name="recorder">Where changes go.</param>
/// <param name="read">The table's item of a row.</param>
internal sealed class RecordingLedger(
    ICertificateLedger inner, string tableName, Recorder recorder, Func<RowId, CancellationToken, Task<JsonObject?>> read)
    : ForwardingLedger(inner)
{
    public override Task<AddOutcome> AddAsync(CertificateAddition addition, CancellationToken cancellation) => RecordAsync(
        "put", RowId.Of(addition.Record),
        () => Inner.AddAsync(addition, cancellation), made => made == AddOutcome.Added, cancellation);

    public override Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, CancellationToken cancellation) =>
        RecordAsync(
            "update", row, () => Inner.RevokeAsync(row, revocation, key, notification, cancellation),
            made => made is RevokeOutcome.Revoked or RevokeOutcome.ReasonReplaced, cancellation);

    public override Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, CancellationToken cancellation) => RecordAsync(
        "update", row, () => Inner.AddReminderAsync(row, at, expectedCount, notification, cancellation), made => made, cancellation);

    public override Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation) => RecordAsync(
        "update", ca, () => Inner.NextCrlNumberAsync(ca, atLeast, cancellation), _ => true, cancellation);

    private async Task<T> RecordAsync<T>(
        string action, RowId id, Func<Task<T>> change, Predicate<T> changed, CancellationToken cancellation)
    {
        JsonObject? before = await read(id, cancellation);
        T made = await change();
        JsonObject? after = await read(id, cancellation);
        if (changed(made))
        {
            recorder.Current.AddRow(action, tableName, before, after);
        }

        return made;
    }
}
