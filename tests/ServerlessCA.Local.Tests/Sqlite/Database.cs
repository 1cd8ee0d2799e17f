using Microsoft.Data.Sqlite;

namespace ServerlessCA.Local.Tests.Sqlite;

/// <summary>Opens a database file as another program would.</summary>
internal static class Database
{
    /// <summary>Runs the tests' own SQL and returns the first row's text in a column, or nothing.</summary>
    public static string Execute(string path, string sql, int column = 0)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // the text comes from the tests
        command.CommandText = sql;
#pragma warning restore CA2100
        using SqliteDataReader rows = command.ExecuteReader();
        return rows.Read() ? rows.GetValue(column).ToString()! : "";
    }
}
