using System.Collections.Concurrent;

namespace ServerlessCA.Aws.DynamoDb.Migration;

/// <summary>Counts while a migration runs, from several rows at once.</summary>
internal sealed class MigrationTally(bool apply)
{
    private readonly ConcurrentDictionary<string, bool> keys = [];
    private readonly ConcurrentQueue<UnreadableRow> unreadable = [];
    private long read;
    private long filled;
    private long changed;

    public bool Apply => apply;

    public MigrationReport Report => new()
    {
        Applied = apply,
        RowsRead = Interlocked.Read(ref read),
        RowsFilled = Interlocked.Read(ref filled),
        KeysReserved = keys.Count,
        RowsChanged = Interlocked.Read(ref changed),
        RowsUnreadable = unreadable.Count,
        Unreadable = [.. unreadable.Take(MigrationReport.MaxUnreadable)],
    };

    public void Read() => Interlocked.Increment(ref read);

    public void Filled() => Interlocked.Increment(ref filled);

    public void Changed() => Interlocked.Increment(ref changed);

    public void Unreadable(UnreadableRow row) => unreadable.Enqueue(row);

    /// <summary>A key counts once, however many rows have it.</summary>
    public void Reserved(string id) => keys[id] = true;
}
