using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

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
