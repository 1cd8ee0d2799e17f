using System.Collections.Concurrent;

namespace ServerlessCA.Aws.DynamoDb.Migration;

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
