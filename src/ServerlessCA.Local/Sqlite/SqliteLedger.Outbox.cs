using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

/// <summary>The table of events to tell of, in the order in which they were kept.</summary>
internal static class OutboxTable
{
    /// <summary>Keeps an event unless it is kept, or was told for good; whether it did.</summary>
    public static bool Keep(SqliteConnection connection, Notification notification, bool onceOnly)
    {
        string once = Reservations.EventId(notification.Id);
        if (Reservations.Exists(connection, once))
        {
            return false;
        }

        if (onceOnly)
        {
            Reservations.Put(connection, once, row: null);
        }

        return connection.Run(
            "INSERT OR IGNORE INTO Events (Id, Subject, Json) VALUES (@id, @subject, @json)",
            ("@id", notification.Id), ("@subject", notification.Subject), ("@json", notification.Json)) == 1;
    }

    public static List<Notification> Pending(SqliteConnection connection, int limit) => connection.Query(
        "SELECT Id, Subject, Json FROM Events ORDER BY Number LIMIT @limit",
        row => new Notification(row.GetString(0), row.GetString(1), row.GetString(2)), ("@limit", limit));

    public static int Drop(SqliteConnection connection, string id) =>
        connection.Run("DELETE FROM Events WHERE Id = @id", ("@id", id));
}

/// <summary>The table of when something was last done for the whole deployment.</summary>
internal static class Marks
{
    public static DateTimeOffset? Find(LedgerFile file, SqliteConnection connection, string name) => connection.Query(
        "SELECT At FROM Marks WHERE Name = @name",
        row => TableTime.TryParse(row.Text(0), out DateTimeOffset at) ? at : throw file.Refusal(
            $"holds a time that somebody changed: mark '{name}'. Correct it, or restore the ledger from a backup."),
        ("@name", name)).Cast<DateTimeOffset?>().SingleOrDefault();

    public static bool Set(SqliteConnection connection, string name, DateTimeOffset at)
    {
        connection.Run("INSERT OR REPLACE INTO Marks (Name, At) VALUES (@name, @at)", ("@name", name), ("@at", TableTime.Text(at)));
        return true;
    }
}
