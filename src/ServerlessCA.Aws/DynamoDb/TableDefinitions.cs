using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Aws.DynamoDb;

/// <summary>Defines the two tables and their indexes, paid by request. Terraform creates them; tests create them from here and
/// compare both.</summary>
public static class TableDefinitions
{
    /// <summary>The attribute of the index table by which DynamoDB deletes items (time to live).</summary>
    public static string TimeToLiveAttribute => Attributes.ExpiresAt;

    /// <summary>Defines the original's table with two sparse indexes, one of serial numbers, which contains every row by itself,
    /// and one of expiries, which contains every row that is migrated.</summary>
    public static CreateTableRequest Certificates(LedgerTables tables) => new()
    {
        TableName = tables.Certificates,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        AttributeDefinitions =
            [
                Text(Attributes.CommonName), Text(Attributes.SerialNumber), Text(Attributes.Revoked), Text(Attributes.ReminderDay),
                Text(Attributes.ExpiryMonth), Text(Attributes.Expires),
            ],
        KeySchema = Key(Attributes.CommonName, Attributes.SerialNumber),
        GlobalSecondaryIndexes =
        [
            Index(Attributes.RevokedIndex, ProjectionType.ALL, Attributes.CommonName, Attributes.Revoked),
            Index(Attributes.RemindersIndex, ProjectionType.ALL, Attributes.ReminderDay, Attributes.SerialNumber),
            Index(Attributes.SerialsIndex, ProjectionType.KEYS_ONLY, Attributes.SerialNumber),
            Expiries,
        ],
    };

    /// <summary>Defines our table of what may be used once, of events and of the history, with a sparse index of events in the
    /// outbox, and two of the history: by name, and by day.</summary>
    public static CreateTableRequest Index(LedgerTables tables) => new()
    {
        TableName = tables.Index,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        AttributeDefinitions =
        [
            Text(Attributes.Id), Text(Attributes.PendingShard), Text(Attributes.KeptAt), Text(Attributes.HistoryOf), Text(Attributes.HistoryDay),
            Text(Attributes.HistoryAt),
        ],
        KeySchema = Key(Attributes.Id),
        GlobalSecondaryIndexes =
        [
            Index(Attributes.PendingIndex, ProjectionType.KEYS_ONLY, Attributes.PendingShard, Attributes.KeptAt),
            Index(Attributes.HistoryIndex, ProjectionType.ALL, Attributes.HistoryOf, Attributes.HistoryAt),
            Index(Attributes.HistoryDaysIndex, ProjectionType.ALL, Attributes.HistoryDay, Attributes.HistoryAt),
        ],
    };

    // With what a line of a list shows: an item has a tenth of its row's size, and is still one write.
    private static GlobalSecondaryIndex Expiries
    {
        get
        {
            GlobalSecondaryIndex index = Index(Attributes.ExpiriesIndex, ProjectionType.INCLUDE, Attributes.ExpiryMonth, Attributes.Expires);
            index.Projection.NonKeyAttributes =
                [Attributes.Issued, Attributes.Revoked, Attributes.RevocationReason, Attributes.CrlNumber, Attributes.IssuerKeyId, Attributes.Source];
            return index;
        }
    }

    private static AttributeDefinition Text(string name) => new(name, ScalarAttributeType.S);

    private static List<KeySchemaElement> Key(params ReadOnlySpan<string> names)
    {
        List<KeySchemaElement> key = [new(names[0], KeyType.HASH)];
        if (names.Length > 1)
        {
            key.Add(new(names[1], KeyType.RANGE));
        }

        return key;
    }

    private static GlobalSecondaryIndex Index(string name, ProjectionType projection, params ReadOnlySpan<string> key) => new()
    {
        IndexName = name,
        KeySchema = Key(key),
        Projection = new Projection { ProjectionType = projection },
    };
}

/// <summary>Holds the names of a deployment's two tables. Immutable.</summary>
/// <param name="Certificates">The original's table, with one row for each certificate (contract section 2).</param>
/// <param name="Index">The table of what may be used once, of the outbox and of the history.</param>
public sealed record LedgerTables(string Certificates, string Index)
{
    /// <summary>Returns the names that code and Terraform compute.</summary>
    public static LedgerTables Of(CaNames names) => new(names.Table, names.IndexTable);
}
