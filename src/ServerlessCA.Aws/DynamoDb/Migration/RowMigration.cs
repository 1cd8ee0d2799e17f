using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Migration;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb.Migration;

/// <summary>One row: first the reservation of its key, then what it lacks; so a row that lacks nothing was done whole.</summary>
internal sealed class RowMigration(LedgerCalls calls, Rows rows, IndexItems index, MigrationTally tally)
{
    private const int MaxRaces = 10; // of other writers for one key; our decision

    // What the new attributes follow from: had one of these changed, they might be wrong.
    private static readonly string[] Grounds =
        [Attributes.Certificate, Attributes.Expires, Attributes.NotifyExpiry, Attributes.CrlNumber, Attributes.PublicKeyHash, Attributes.ReminderDay];

    /// <param name="item">As it was read.</param>
    /// <param name="filled">The same with what it lacked.</param>
    /// <param name="reserved">Whom the index table had as the holder of its key when the page was read.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task RunAsync(
        Dictionary<string, AttributeValue> item, CertificateRecord filled, RowId? reserved, CancellationToken cancellation)
    {
        var row = new RowId(filled.CommonName, filled.SerialNumber);
        if (filled.PublicKeyHash is { } key && !filled.IsCa && reserved != row)
        {
            await ReserveAsync(Keys.Key(key), filled, row, reserved, cancellation);
        }

        Dictionary<string, AttributeValue> wanted = RowItem.Of(filled);
        string[] names = [.. ((string[])[Attributes.PublicKeyHash, Attributes.IssuerKeyId, Attributes.ReminderDay])
            .Where(name => item.Text(name) != wanted.Text(name))];
        if (names.Length == 0)
        {
            return;
        }

        if (!tally.Apply || await FillAsync(row, item, wanted, names, cancellation))
        {
            tally.Filled();
        }
        else
        {
            tally.Changed();
        }
    }

    private async Task ReserveAsync(string id, CertificateRecord filled, RowId row, RowId? reserved, CancellationToken cancellation)
    {
        for (int race = 0; race < MaxRaces && reserved != row; race++)
        {
            CertificateRecord? holder = reserved is { } other ? await rows.FindAsync(other, cancellation) : null;
            if (holder is not null && !RowBackfill.TakesOver(filled, holder))
            {
                return;
            }

            if (!tally.Apply || await TakeAsync(id, row, reserved, cancellation))
            {
                tally.Reserved(id);
                return;
            }

            reserved = await index.FindAsync(id, cancellation);
        }
    }

    private async Task<bool> TakeAsync(string id, RowId row, RowId? from, CancellationToken cancellation)
    {
        var request = new PutItemRequest { TableName = calls.Tables.Index, Item = IndexItems.Claim(id, row), ConditionExpression = Events.IsNew };
        if (from is { } holder)
        {
            request.ConditionExpression = $"{Attributes.CommonName} = :name AND {Attributes.SerialNumber} = :serial";
            request.ExpressionAttributeValues = new()
            {
                [":name"] = Attributes.S(holder.CommonName),
                [":serial"] = Attributes.S(holder.SerialNumber.ToString()),
            };
        }

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

    // Conditional on the row being what it was: live traffic goes on beside.
    private async Task<bool> FillAsync(
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
