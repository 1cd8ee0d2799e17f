using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Reads and writes the reservations of keys in the index table (<c>key#</c>). They are made and changed under the
/// key's own hash; one under its former hash is only read (contract 12.27).</summary>
internal sealed class KeyItems(LedgerCalls calls, IndexItems index)
{
    /// <summary>The condition that no certificate with the key was reported as compromised.</summary>
    public const string NotCompromised = $"attribute_not_exists({Attributes.Compromised})";

    private const string SameHolder = $"{Attributes.CommonName} = :holderName AND {Attributes.SerialNumber} = :holderSerial";

    private string Table => calls.Tables.Index;

    /// <summary>Makes the write of a reservation, on condition that the stored one is still as it was read.</summary>
    /// <param name="table">The index table.</param>
    /// <param name="hash">The hash of the key.</param>
    /// <param name="reservation">The reservation to write.</param>
    /// <param name="there">The reservation that was read under this hash; null when there was none.</param>
    public static Put Put(string table, KeyHash hash, KeyReservation reservation, KeyReservation? there) => there is null
        ? new() { TableName = table, Item = Item(hash, reservation), ConditionExpression = IndexItems.IsNew }
        : new()
        {
            TableName = table,
            Item = Item(hash, reservation),
            ConditionExpression = $"{SameHolder}{Unset(there.HolderRevoked, Attributes.HolderRevoked)}{Unset(there.Compromised, Attributes.Compromised)}",
            ExpressionAttributeValues = Holder(there.Holder),
        };

    /// <summary>Makes the write that reserves a key for a new row, if nobody holds it or as the addition allows.</summary>
    /// <param name="addition">The addition, which has a key.</param>
    /// <param name="row">The new row.</param>
    /// <param name="onlyNew">Whether the key may have no reservation under its own hash, as there was none when it was
    /// read.</param>
    public Put Put(CertificateAddition addition, RowId row, bool onlyNew)
    {
        KeyTakeOver takeOver = onlyNew ? KeyTakeOver.Never : addition.KeyTakeOver;
        return new()
        {
            TableName = Table,
            Item = Item(addition.Key!.Value.Hash, KeyReservation.HeldBy(row)),
            ConditionExpression = takeOver switch
            {
                KeyTakeOver.FromAnybody => NotCompromised,
                KeyTakeOver.FromHolder => $"{SameHolder} AND {NotCompromised}",
                _ => IndexItems.IsNew,
            },
            ExpressionAttributeValues = takeOver == KeyTakeOver.FromHolder ? Holder(addition.TakeOverFrom!.Value) : null,
        };
    }

    /// <summary>Finds the reservation of a key, or null.</summary>
    public async Task<KeyReservation?> FindAsync(ReservedKey key, CancellationToken cancellation) =>
        await FindAsync(key.Hash, cancellation) ?? (key.Former is { } former ? await FindAsync(former, cancellation) : null);

    /// <summary>Finds the reservation under one hash, or null.</summary>
    public async Task<KeyReservation?> FindAsync(KeyHash hash, CancellationToken cancellation) =>
        await calls.GetAsync(Table, Keys.OfIndex(Keys.Key(hash)), cancellation) is { } item ? Read(item) : null;

    /// <summary>Finds the reservation under a key's former hash, which counts only if there is none under its own.</summary>
    public async Task<KeyReservation?> FindFormerAsync(ReservedKey key, CancellationToken cancellation) =>
        key.Former is { } former && await FindAsync(former, cancellation) is { } found && await FindAsync(key.Hash, cancellation) is null
            ? found
            : null;

    /// <summary>Finds the reservations under several hashes; hashes without one are left out.</summary>
    public async Task<Dictionary<KeyHash, KeyReservation>> FindManyAsync(IEnumerable<KeyHash> hashes, CancellationToken cancellation) =>
        (await calls.GetManyAsync(hashes.Select(Keys.Key), cancellation)).ToDictionary(
            item => KeyHash.FromHex(item.Text(Attributes.Id)![Keys.KeyPrefix.Length..]), Read);

    /// <summary>Lists the rows that keys are reserved for; it reads the whole table.</summary>
    public async IAsyncEnumerable<RowId> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ScanRequest
        {
            TableName = Table,
            ConsistentRead = true,
            FilterExpression = $"begins_with({Attributes.Id}, :prefix)",
            ExpressionAttributeValues = new() { [":prefix"] = Attributes.S(Keys.KeyPrefix) },
        };
        await foreach (Dictionary<string, AttributeValue> item in calls.ScanAsync(request, cancellation))
        {
            yield return index.ReadRow(item);
        }
    }

    private KeyReservation Read(Dictionary<string, AttributeValue> item) =>
        new(index.ReadRow(item), IsSet(item, Attributes.HolderRevoked), IsSet(item, Attributes.Compromised));

    private static Dictionary<string, AttributeValue> Item(KeyHash hash, KeyReservation reservation)
    {
        Dictionary<string, AttributeValue> item = IndexItems.Claim(Keys.Key(hash), reservation.Holder);
        if (reservation.HolderRevoked)
        {
            item[Attributes.HolderRevoked] = Attributes.Bool(true);
        }

        if (reservation.Compromised)
        {
            item[Attributes.Compromised] = Attributes.Bool(true);
        }

        return item;
    }

    private static bool IsSet(Dictionary<string, AttributeValue> item, string name) => item.Has(name) && item[name].BOOL == true;

    private static string Unset(bool set, string name) => set ? "" : $" AND attribute_not_exists({name})";

    private static Dictionary<string, AttributeValue> Holder(RowId row) => new()
    {
        [":holderName"] = Attributes.S(row.CommonName),
        [":holderSerial"] = Attributes.S(row.SerialNumber.ToString()),
    };
}
