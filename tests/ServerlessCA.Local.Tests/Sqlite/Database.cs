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

    /// <summary>Returns how SQLite carries out a statement, a line for each step; its parameters are null.</summary>
    public static string Plan(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        connection.CreateFunction("alternative_name_matches", (string? names, string? pattern) => false);
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // the text comes from the program that is tested
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
#pragma warning restore CA2100
        foreach (string name in System.Text.RegularExpressions.Regex.Matches(sql, "@[a-zA-Z0-9]+").Select(match => match.Value).Distinct())
        {
            command.Parameters.AddWithValue(name, DBNull.Value);
        }

        var steps = new List<string>();
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            steps.Add(rows.GetString(3));
        }

        return string.Join('\n', steps);
    }
}
