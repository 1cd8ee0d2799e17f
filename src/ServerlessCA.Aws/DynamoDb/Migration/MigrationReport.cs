using System.Collections.Concurrent;

namespace ServerlessCA.Aws.DynamoDb.Migration;

/// <summary>Reports what a migration did, or would do. Immutable.</summary>
public sealed record MigrationReport
{
    /// <summary>False for a dry run: nothing was written.</summary>
    public required bool Applied { get; init; }

    /// <summary>What is wrong with the tables and their indexes. Unless it is empty, no row was read.</summary>
    public IReadOnlyList<string> TableFaults { get; init; } = [];

    /// <summary>The number of rows that were read.</summary>
    public long RowsRead { get; init; }

    /// <summary>The number of rows that lacked something and got it (in a dry run: would get it).</summary>
    public long RowsFilled { get; init; }

    /// <summary>The number of rows of an earlier version that were in the index of reminders by their day alone, and are now
    /// spread over its shards (in a dry run: would be).</summary>
    public long RemindersSpread { get; init; }

    /// <summary>The number of keys that had no reservation, or one held by an older row, and got theirs (in a dry run: would
    /// get it).</summary>
    public long KeysReserved { get; init; }

    /// <summary>The number of rows that were changed by others meanwhile, and therefore not filled. Run the migration
    /// again.</summary>
    public long RowsChanged { get; init; }

    /// <summary>The number of rows that cannot be read. They stay as they are.</summary>
    public long RowsUnreadable { get; init; }

    /// <summary>The first <see cref="MaxUnreadable"/> rows that cannot be read.</summary>
    public IReadOnlyList<UnreadableRow> Unreadable { get; init; } = [];

    /// <summary>The most unreadable rows that are named; our decision.</summary>
    public const int MaxUnreadable = 1000;

    /// <summary>Whether every row is in the index of expiries, so that lists by expiry read no whole table.</summary>
    public bool ListsExpiries { get; init; }

    /// <summary>Whether every row has all it needs, so that another run would find nothing to do and nothing to
    /// report.</summary>
    public bool IsComplete => TableFaults.Count == 0 && RowsChanged == 0 && RowsUnreadable == 0 && ListsExpiries
        && (Applied || (RowsFilled == 0 && RemindersSpread == 0 && KeysReserved == 0));
}

/// <summary>Names a row that cannot be read. Immutable.</summary>
/// <param name="CommonName">The partition key.</param>
/// <param name="SerialNumber">The sort key, as the table has it.</param>
/// <param name="Why">What is wrong with it.</param>
public sealed record UnreadableRow(string CommonName, string SerialNumber, string Why);

/// <summary>Is informed of a migration's progress.</summary>
public interface IMigrationObserver
{
    /// <summary>Is called when more rows were read.</summary>
    /// <param name="soFar">The counts so far.</param>
    void Advanced(MigrationReport soFar);
}

/// <summary>Counts while a migration runs, from several rows at once.</summary>
internal sealed class MigrationTally(bool apply)
{
    private readonly ConcurrentDictionary<string, bool> keys = [];
    private readonly ConcurrentQueue<UnreadableRow> unreadable = [];
    private long read;
    private long filled;
    private long spread;
    private long changed;
    private long expiryUnknown;

    public bool Apply => apply;

    public MigrationReport Report => new()
    {
        Applied = apply,
        RowsRead = Interlocked.Read(ref read),
        RowsFilled = Interlocked.Read(ref filled),
        RemindersSpread = Interlocked.Read(ref spread),
        KeysReserved = keys.Count,
        RowsChanged = Interlocked.Read(ref changed),
        RowsUnreadable = unreadable.Count,
        Unreadable = [.. unreadable.Take(MigrationReport.MaxUnreadable)],
    };

    public void Read() => Interlocked.Increment(ref read);

    /// <summary>Counts a row that was written.</summary>
    public void Filled(bool lackedSomething, bool wasSpread)
    {
        Interlocked.Add(ref filled, lackedSomething ? 1 : 0);
        Interlocked.Add(ref spread, wasSpread ? 1 : 0);
    }

    public void Changed() => Interlocked.Increment(ref changed);

    /// <summary>Whether every row that was read is in the index of expiries by now.</summary>
    public bool HasAllExpiries => Interlocked.Read(ref changed) == 0 && Interlocked.Read(ref expiryUnknown) == 0;

    public void Unreadable(UnreadableRow row, bool knowsExpiry)
    {
        unreadable.Enqueue(row);
        Interlocked.Add(ref expiryUnknown, knowsExpiry ? 0 : 1);
    }

    /// <summary>Counts a key once, however many rows have it.</summary>
    public void Reserved(string id) => keys[id] = true;
}
