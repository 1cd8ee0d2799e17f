using System.Globalization;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Aws.DynamoDb;

// Changes of existing rows: reminders, each in one transaction with its event, and CRL numbers.
public sealed partial class DynamoDbLedger
{
    private const int MaxNumberRaces = 20; // of other writers for one CA's number; our decision

    /// <inheritdoc/>
    public async Task<bool> AddReminderAsync(
        RowId row, DateTimeOffset at, int expectedCount, Notification notification, HistoryEntry? history, CancellationToken cancellation)
    {
        const string List = Attributes.ExpiryReminders;
        string count = expectedCount == 0 ? $"(attribute_not_exists({List}) OR size({List}) = :count)" : $"size({List}) = :count";
        var update = new Update
        {
            TableName = calls.Tables.Certificates,
            Key = Keys.OfRow(row),
            UpdateExpression = $"SET {List} = list_append(if_not_exists({List}, :none), :at)",
            ConditionExpression = $"attribute_exists({Attributes.CommonName}) AND {count}",
            ExpressionAttributeValues = new()
            {
                [":none"] = new AttributeValue { L = [], IsLSet = true },
                [":at"] = RowItem.Times([at]),
                [":count"] = Attributes.N(expectedCount),
            },
        };
        return Keys.CanBe(row.CommonName) && await ChangeAsync(update, notification, history, cancellation);
    }

    /// <inheritdoc/>
    public async Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation)
    {
        for (int race = 0; race < MaxNumberRaces; race++)
        {
            if (Keys.CanBe(ca.CommonName)
                && (await CountUpAsync(ca, atLeast, cancellation) ?? await JumpAsync(ca, atLeast, cancellation)) is { } number)
            {
                return number;
            }

            // Both updates are refused only if there is no number, or if others changed it between the two.
            if ((await rows.FindAsync(ca, cancellation))?.CrlNumber is null)
            {
                throw new InvalidOperationException($"The table '{calls.Tables.Certificates}' has no CA '{ca.CommonName}' with serial number {ca.SerialNumber}.");
            }
        }

        throw new LedgerUnavailableException($"The table '{calls.Tables.Certificates}' gives no CRL number to '{ca.CommonName}': others take them. Try again.", null, nothingWasStored: true);
    }

    // Returns false when the row's condition does not hold. An event that is stored already stays as it is.
    private async Task<bool> ChangeAsync(Update update, Notification? notification, HistoryEntry? entry, CancellationToken cancellation)
    {
        List<TransactWriteItem> items = [new() { Update = update }];
        if (entry is not null)
        {
            items.Add(history.Part(entry));
        }

        if (notification is not null)
        {
            items.Add(new() { Put = new() { TableName = calls.Tables.Index, Item = EventItem(notification, onceOnly: false), ConditionExpression = IndexItems.IsNew } });
        }

        IReadOnlySet<int> refused = await calls.TransactAsync(items, marks.NextToken(), cancellation);
        return refused.Contains(0) ? false
            : refused.Count == 0 || await ChangeAsync(update, null, entry, cancellation);
    }

    private Task<long?> CountUpAsync(RowId ca, long atLeast, CancellationToken cancellation) => NumberAsync(
        ca,
        $"SET {Attributes.CrlNumber} = {Attributes.CrlNumber} + :number",
        $"attribute_exists({Attributes.CrlNumber}) AND {Attributes.CrlNumber} >= :last",
        new() { [":number"] = Attributes.N(1), [":last"] = Attributes.N(atLeast - 1) },
        cancellation);

    private Task<long?> JumpAsync(RowId ca, long atLeast, CancellationToken cancellation) => NumberAsync(
        ca,
        $"SET {Attributes.CrlNumber} = :number",
        $"{Attributes.CrlNumber} < :number",
        new() { [":number"] = Attributes.N(atLeast) },
        cancellation);

    private async Task<long?> NumberAsync(
        RowId ca, string update, string condition, Dictionary<string, AttributeValue> values, CancellationToken cancellation)
    {
        var request = new UpdateItemRequest
        {
            TableName = calls.Tables.Certificates,
            Key = Keys.OfRow(ca),
            UpdateExpression = update,
            ConditionExpression = condition,
            ExpressionAttributeValues = values,
            ReturnValues = Amazon.DynamoDBv2.ReturnValue.UPDATED_NEW,
        };
        try
        {
            UpdateItemResponse response = await calls.UpdateAsync(request, cancellation);
            return long.Parse(response.Attributes[Attributes.CrlNumber].N, NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (ConditionalCheckFailedException)
        {
            return null;
        }
    }
}
