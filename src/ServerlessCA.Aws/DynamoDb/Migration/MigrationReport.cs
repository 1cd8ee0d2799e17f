namespace ServerlessCA.Aws.DynamoDb.Migration;

/// <summary>What a migration did, or would do. Immutable.</summary>
public sealed record MigrationReport
{
    /// <summary>False for a dry run: nothing was written.</summary>
    public required bool Applied { get; init; }

    /// <summary>What is wrong with the tables and their indexes. Unless empty, no row was looked at.</summary>
    public IReadOnlyList<string> TableFaults { get; init; } = [];

    /// <summary>Rows looked at.</summary>
    public long RowsRead { get; init; }

    /// <summary>Rows that lacked something and got it (in a dry run: would get it).</summary>
    public long RowsFilled { get; init; }

    /// <summary>Rows of an earlier version that stood in the index of reminders by their day alone, and are spread over its
    /// shards now (in a dry run: would be).</summary>
    public long RemindersSpread { get; init; }

    /// <summary>Keys that no row, or an older one, held the reservation of.</summary>
    public long KeysReserved { get; init; }

    /// <summary>Rows that somebody changed while they were being filled; they were left alone. Run again.</summary>
    public long RowsChanged { get; init; }

    /// <summary>Rows that cannot be read. They stay as they are.</summary>
    public long RowsUnreadable { get; init; }

    /// <summary>The first <see cref="MaxUnreadable"/> of them.</summary>
    public IReadOnlyList<UnreadableRow> Unreadable { get; init; } = [];

    /// <summary>How many unreadable rows are named at most; our decision.</summary>
    public const int MaxUnreadable = 1000;

    /// <summary>Whether every row has all it needs, so that another run would find nothing to do and nothing to tell.</summary>
    public bool IsComplete => TableFaults.Count == 0 && RowsChanged == 0 && RowsUnreadable == 0
        && (Applied || (RowsFilled == 0 && RemindersSpread == 0 && KeysReserved == 0));
}

/// <summary>A row that cannot be read. Immutable.</summary>
/// <param name="CommonName">Partition key.</param>
/// <param name="SerialNumber">Sort key, as it stands there.</param>
/// <param name="Why">What is wrong with it.</param>
public sealed record UnreadableRow(string CommonName, string SerialNumber, string Why);
