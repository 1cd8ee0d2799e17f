using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;

namespace ServerlessCA.Aws.DynamoDb;

// Revocations: row, reservation of the key and event in one transaction. It follows from what was read, so each write has the
// condition that nothing has changed since; otherwise everything is read and written again.
public sealed partial class DynamoDbLedger
{
    private const int MaxRevocationRaces = 10; // of other writers for one row and key; our decision

    /// <inheritdoc/>
    public async Task<RevokeOutcome> RevokeAsync(
        RowId row, CertificateRevocation revocation, ReservedKey? key, Notification? notification, HistoryEntry? history, CancellationToken cancellation)
    {
        for (int race = 0; race < MaxRevocationRaces; race++)
        {
            if (await rows.FindAsync(row, cancellation) is not { } record)
            {
                return RevokeOutcome.NotFound;
            }

            var mark = RevocationMark.Of(record, revocation);
            List<TransactWriteItem> items = [];
            if (mark.ChangesRow)
            {
                items.Add(new() { Update = RowUpdate(record, mark.Now) });
                items.AddRange(history is null ? [] : [this.history.Part(history)]);
            }

            if (key is { } known && await KeyWriteAsync(known, row, mark.Now, cancellation) is { } keyWrite)
            {
                items.Add(keyWrite);
            }

            if (items.Count == 0 || await StoreAsync(items, mark.StoresEvent ? notification : null, cancellation))
            {
                return mark.Outcome;
            }
        }

        throw new LedgerUnavailableException(
            $"The table '{calls.Tables.Certificates}' does not take the revocation of '{row.CommonName}', serial number {row.SerialNumber}: "
                + "others change its row or its key's reservation. Try again.",
            null,
            nothingWasStored: true);
    }

    private Update RowUpdate(CertificateRecord record, CertificateRevocation now)
    {
        bool isNew = record.Revoked is null;
        Dictionary<string, AttributeValue> values = new() { [":reason"] = RowItem.Reason(now.Reason) };
        string isAsRead;
        if (isNew)
        {
            values[":at"] = RowItem.Time(now.At);
            isAsRead = $"attribute_not_exists({Attributes.Revoked})";
        }
        else
        {
            // Only less grave reasons are replaced, in upper or lower case.
            string[] lasting = [.. RevocationReasons.Names.Where(name =>
                RevocationReasons.TryParse(name, out RevocationReason reason) && !RevocationReasons.IsGraver(now.Reason, reason))];
            string[] names = [.. lasting.Select((name, place) => $":lasting{place}")];
            lasting.Zip(names).ToList().ForEach(one => values[one.Second] = Attributes.S(one.First));
            isAsRead = $"attribute_exists({Attributes.Revoked}) AND (attribute_not_exists({Attributes.RevocationReason}) "
                + $"OR NOT {Attributes.RevocationReason} IN ({string.Join(", ", names)}))";
        }

        return new Update
        {
            TableName = calls.Tables.Certificates,
            Key = Keys.OfRow(RowId.Of(record)),
            UpdateExpression = $"SET {(isNew ? $"{Attributes.Revoked} = :at, " : "")}{Attributes.RevocationReason} = :reason",
            ConditionExpression = $"attribute_exists({Attributes.CommonName}) AND {isAsRead}",
            ExpressionAttributeValues = values,
        };
    }

    // Returns null when the reservation records the revocation already.
    private async Task<TransactWriteItem?> KeyWriteAsync(
        ReservedKey key, RowId row, CertificateRevocation now, CancellationToken cancellation)
    {
        KeyReservation? own = await keys.FindAsync(key.Hash, cancellation);
        KeyReservation? before = own ?? (key.Former is { } former ? await keys.FindAsync(former, cancellation) : null);
        var after = KeyReservation.Remembering(before, row, now.Reason);
        return after == before ? null : new() { Put = KeyItems.Put(calls.Tables.Index, key.Hash, after, own) };
    }

    // Returns false when a condition does not hold. An event that is stored already stays as it is.
    private async Task<bool> StoreAsync(List<TransactWriteItem> items, Notification? notification, CancellationToken cancellation)
    {
        List<TransactWriteItem> all = notification is null
            ? items
            : [.. items, new() { Put = new() { TableName = calls.Tables.Index, Item = EventItem(notification, onceOnly: false), ConditionExpression = IndexItems.IsNew } }];
        IReadOnlySet<int> refused = await calls.TransactAsync(all, marks.NextToken(), cancellation);
        bool eventAlone = notification is not null && refused.Count == 1 && refused.Contains(items.Count);
        return refused.Count == 0 || (eventAlone && await StoreAsync(items, null, cancellation));
    }
}
