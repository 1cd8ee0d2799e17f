using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

// The outbox, where events are stored in the order in which they came until they are delivered; and the marks, which
// say when something was last done for the whole deployment.
public sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public Task<bool> AddToOutboxAsync(Notification notification, bool onceOnly, CancellationToken cancellation) =>
        connections.WriteAsync(connection => AddToOutbox(connection, notification, onceOnly), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Notification>> ReadOutboxAsync(int limit, CancellationToken cancellation) =>
        await connections.ReadAsync(connection => ReadOutbox(connection, limit), cancellation);

    /// <inheritdoc/>
    public Task RemoveFromOutboxAsync(string notificationId, CancellationToken cancellation) =>
        connections.WriteAsync(connection => RemoveFromOutbox(connection, notificationId), cancellation);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> FindMarkAsync(string name, CancellationToken cancellation) =>
        connections.FindAsync(connection => FindMark(file, connection, name), cancellation);

    /// <inheritdoc/>
    public Task SetMarkAsync(string name, DateTimeOffset at, CancellationToken cancellation) =>
        connections.WriteAsync(connection => SetMark(connection, name, at), cancellation);

    // Stores an event unless it is in the outbox already, or was stored before as one that may be delivered only once.
    // Says whether it did.
    private static bool AddToOutbox(SqliteConnection connection, Notification notification, bool onceOnly)
    {
        string once = EventId(notification.Id);
        if (IsReserved(connection, once))
        {
            return false;
        }

        if (onceOnly)
        {
            Reserve(connection, once, row: null);
        }

        return connection.Run(
            "INSERT OR IGNORE INTO Events (Id, Subject, Json) VALUES (@id, @subject, @json)",
            ("@id", notification.Id), ("@subject", notification.Subject), ("@json", notification.Json)) == 1;
    }

    private static List<Notification> ReadOutbox(SqliteConnection connection, int limit) => connection.Query(
        "SELECT Id, Subject, Json FROM Events ORDER BY Number LIMIT @limit",
        row => new Notification(row.GetString(0), row.GetString(1), row.GetString(2)), ("@limit", limit));

    private static int RemoveFromOutbox(SqliteConnection connection, string id) =>
        connection.Run("DELETE FROM Events WHERE Id = @id", ("@id", id));

    private static DateTimeOffset? FindMark(LedgerFile file, SqliteConnection connection, string name) => connection.Query(
        "SELECT At FROM Marks WHERE Name = @name",
        row => TableTime.TryParse(row.Text(0), out DateTimeOffset at) ? at : throw file.Refusal(
            $"holds a time that somebody changed: mark '{name}'. Correct it, or restore the ledger from a backup."),
        ("@name", name)).Cast<DateTimeOffset?>().SingleOrDefault();

    private static bool SetMark(SqliteConnection connection, string name, DateTimeOffset at)
    {
        connection.Run("INSERT OR REPLACE INTO Marks (Name, At) VALUES (@name, @at)", ("@name", name), ("@at", TableTime.Text(at)));
        return true;
    }
}
