using System.Collections.Concurrent;

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

/// <summary>Hears how far a migration is.</summary>
public interface IMigrationObserver
{
    /// <summary>More rows were looked at.</summary>
    /// <param name="soFar">The counts up to now.</param>
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

    public void Unreadable(UnreadableRow row) => unreadable.Enqueue(row);

    /// <summary>A key counts once, however many rows have it.</summary>
    public void Reserved(string id) => keys[id] = true;
}
