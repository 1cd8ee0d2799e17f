using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Reads and writes the items of the index table besides events and keys (<see cref="KeyItems"/>): what may be used
/// once (<c>token#</c>, <c>once#</c>, <c>name#</c>), and when something was last done (<c>mark#</c>).</summary>
internal sealed class IndexItems(LedgerCalls calls)
{
    /// <summary>The condition that the table has no item of this id.</summary>
    public const string IsNew = $"attribute_not_exists({Attributes.Id})";

    /// <summary>The mark that every row is in the index of expiries: the table was empty when its first row was written, or all
    /// rows were migrated.</summary>
    public const string AllExpiries = "expiries";

    private string Table => calls.Tables.Index;

    /// <summary>Returns the earliest use of a token that still counts, as the attribute has it.</summary>
    public static string TokenSince(DateTimeOffset now) => TableTime.Text(IdempotencyClaim.CountsSince(now));

    /// <summary>Makes an item that refers to a row.</summary>
    public static Dictionary<string, AttributeValue> Claim(string id, RowId row)
    {
        Dictionary<string, AttributeValue> item = Keys.OfRow(row);
        item[Attributes.Id] = Attributes.S(id);
        return item;
    }

    public static Dictionary<string, AttributeValue> Token(IdempotencyClaim claim, RowId row)
    {
        Dictionary<string, AttributeValue> item = Claim(Keys.Token(claim.Token), row);
        item[Attributes.RequestHash] = Attributes.S(claim.RequestHash);
        item[Attributes.UsedAt] = RowItem.Time(claim.At);
        item[Attributes.ExpiresAt] = Attributes.N(claim.ForgottenAt.ToUnixTimeSeconds());
        return item;
    }

    public async Task<bool> ExistsAsync(string id, CancellationToken cancellation) =>
        await calls.GetAsync(Table, Keys.OfIndex(id), cancellation) is not null;

    /// <summary>Finds the row that an item refers to, or null.</summary>
    public async Task<RowId?> FindAsync(string id, CancellationToken cancellation) =>
        await calls.GetAsync(Table, Keys.OfIndex(id), cancellation) is { } item ? ReadRow(item) : null;

    /// <summary>Finds the issuance of a token, or null when the token does not count any more.</summary>
    public async Task<RecalledIssue?> RecallAsync(string token, DateTimeOffset now, CancellationToken cancellation)
    {
        Dictionary<string, AttributeValue>? item = await calls.GetAsync(Table, Keys.OfIndex(Keys.Token(token)), cancellation);
        if (item is null || string.CompareOrdinal(item.Text(Attributes.UsedAt), TokenSince(now)) < 0)
        {
            return null;
        }

        RowId row = ReadRow(item);
        return item.Text(Attributes.RequestHash) is { } request && TableTime.TryParse(item.Text(Attributes.UsedAt), out DateTimeOffset at)
            ? new RecalledIssue(new IdempotencyClaim(token, request, at), row.CommonName, row.SerialNumber)
            : throw Changed(item);
    }

    public async Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation)
    {
        Dictionary<string, AttributeValue>? item = await calls.GetAsync(Table, Keys.OfIndex(Keys.Mark(name)), cancellation);
        return item is null ? null
            : TableTime.TryParse(item.Text(Attributes.UsedAt), out DateTimeOffset at) ? at
            : throw Changed(item);
    }

    public Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation) =>
        calls.PutAsync(new PutItemRequest { TableName = Table, Item = MarkItem(name, at) }, cancellation);

    /// <summary>Makes the item of a mark.</summary>
    public static Dictionary<string, AttributeValue> MarkItem(string name, DateTimeOffset at)
    {
        Dictionary<string, AttributeValue> item = Keys.OfIndex(Keys.Mark(name));
        item[Attributes.UsedAt] = RowItem.Time(at);
        return item;
    }

    /// <summary>Reads the row that an item refers to.</summary>
    /// <exception cref="LedgerUnavailableException">The item was changed by hand and cannot be read.</exception>
    public RowId ReadRow(Dictionary<string, AttributeValue> item) =>
        item.Text(Attributes.CommonName) is { } name && SerialNumber.TryParse(item.Text(Attributes.SerialNumber), out SerialNumber serial)
            ? new RowId(name, serial)
            : throw Changed(item);

    private LedgerUnavailableException Changed(Dictionary<string, AttributeValue> item) => new(
        $"The table '{Table}' has an item that somebody changed: '{item.Text(Attributes.Id)}'. Correct it, or restore it from a backup.",
        nothingWasStored: true);
}
