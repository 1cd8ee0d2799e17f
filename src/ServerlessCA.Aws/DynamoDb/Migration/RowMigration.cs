using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Migration;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb.Migration;

/// <summary>Migrates one row: first the reservation of its key, then the attributes it lacks. A row that lacks none is
/// therefore complete.</summary>
internal sealed class RowMigration(LedgerCalls calls, Rows rows, KeyItems keys, MigrationTally tally)
{
    private const int MaxRaces = 10; // of other writers for one key; our decision

    /// <summary>The attributes by which a row is listed by expiry. The times are missing only where somebody has removed
    /// them.</summary>
    public static readonly IReadOnlyList<string> Expiry = [Attributes.ExpiryMonth, Attributes.Issued, Attributes.Expires];

    /// <summary>The attributes that may be missing.</summary>
    public static readonly IReadOnlyList<string> All = [Attributes.PublicKeyHash, Attributes.IssuerKeyId, Attributes.ReminderDay, .. Expiry];

    // The attributes that the new ones follow from: if one of these changed, the new ones might be wrong.
    private static readonly string[] Grounds =
        [Attributes.Certificate, Attributes.Expires, Attributes.NotifyExpiry, Attributes.CrlNumber, Attributes.PublicKeyHash, Attributes.ReminderDay];

    /// <summary>Makes or completes the reservation of the row's key.</summary>
    /// <param name="filled">The row with the attributes that it lacked.</param>
    /// <param name="key">The row's key.</param>
    /// <param name="own">The reservation under the key's own hash when the page was read.</param>
    /// <param name="former">The reservation under the key's former hash at that time.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task ReserveAsync(
        CertificateRecord filled, ReservedKey key, KeyReservation? own, KeyReservation? former, CancellationToken cancellation)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            KeyReservation? before = own ?? former;
            CertificateRecord? holder = before is null || before.Holder == RowId.Of(filled) ? filled : await HolderAsync(before.Holder, filled, cancellation);
            if (RowBackfill.Reservation(filled, before, holder) is not { } wanted || wanted == own)
            {
                return;
            }

            if (!tally.Apply || await PutAsync(key.Hash, wanted, own, cancellation))
            {
                tally.Reserved(Keys.Key(key.Hash));
                return;
            }

            own = await keys.FindAsync(key.Hash, cancellation);
        }
    }

    /// <summary>Adds the attributes that the row lacks.</summary>
    /// <param name="item">The row as it was read.</param>
    /// <param name="filled">The same row with the attributes that it lacked.</param>
    /// <param name="candidates"><see cref="All"/> or <see cref="Expiry"/>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task FillAsync(
        Dictionary<string, AttributeValue> item, CertificateRecord filled, IReadOnlyList<string> candidates, CancellationToken cancellation)
    {
        Dictionary<string, AttributeValue> wanted = RowItem.Of(filled);
        string[] names = [.. candidates.Where(name => item.Text(name) != wanted.Text(name))];
        if (names.Length == 0)
        {
            return;
        }

        bool spreads = ReminderDays.IsFormer(item.Text(Attributes.ReminderDay), wanted.Text(Attributes.ReminderDay));
        if (!tally.Apply || await UpdateAsync(RowId.Of(filled), item, wanted, names, cancellation))
        {
            tally.Filled(lackedSomething: names.Length > (spreads ? 1 : 0), spreads);
        }
        else
        {
            tally.Changed();
        }
    }

    // A holder that cannot be read stays the holder; it is reported as a row of its own. A table that cannot be read is another
    // fault.
    private async Task<CertificateRecord?> HolderAsync(RowId id, CertificateRecord unreadable, CancellationToken cancellation)
    {
        try
        {
            return await rows.FindAsync(id, cancellation);
        }
        catch (LedgerUnavailableException changed) when (changed.InnerException is FormatException or OverflowException)
        {
            return unreadable;
        }
    }

    private async Task<bool> PutAsync(KeyHash hash, KeyReservation wanted, KeyReservation? there, CancellationToken cancellation)
    {
        Put put = KeyItems.Put(calls.Tables.Index, hash, wanted, there);
        var request = new PutItemRequest
        {
            TableName = put.TableName,
            Item = put.Item,
            ConditionExpression = put.ConditionExpression,
            ExpressionAttributeValues = put.ExpressionAttributeValues,
        };
        try
        {
            await calls.PutAsync(request, cancellation);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    // On condition that the row is unchanged, as other writers are at work.
    private async Task<bool> UpdateAsync(
        RowId row, Dictionary<string, AttributeValue> item, Dictionary<string, AttributeValue> wanted, string[] names, CancellationToken cancellation)
    {
        string[] set = [.. names.Where(wanted.ContainsKey)];
        string[] remove = [.. names.Except(set)];
        var values = set.ToDictionary(name => $":new{name}", name => wanted[name]);
        foreach (string name in Grounds.Where(item.ContainsKey))
        {
            values[$":old{name}"] = item[name];
        }

        var request = new UpdateItemRequest
        {
            TableName = calls.Tables.Certificates,
            Key = Keys.OfRow(row),
            UpdateExpression = string.Join(' ', [
                set.Length > 0 ? $"SET {string.Join(", ", set.Select(name => $"{name} = :new{name}"))}" : "",
                remove.Length > 0 ? $"REMOVE {string.Join(", ", remove)}" : ""]),
            ConditionExpression = $"attribute_exists({Attributes.CommonName}) AND " + string.Join(" AND ", Grounds.Select(name =>
                item.ContainsKey(name) ? $"{name} = :old{name}" : $"attribute_not_exists({name})")),
            ExpressionAttributeValues = values.Count > 0 ? values : null,
        };
        try
        {
            await calls.UpdateAsync(request, cancellation);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }
}
