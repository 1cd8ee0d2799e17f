using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace ServerlessCA.Local.Sqlite;

/// <summary>Runs statements with parameters, in one line each. Values are never part of the text. A connection, which one thread uses at
/// a time, remembers its prepared statements: preparing takes longer than finding a row.</summary>
internal static class LedgerCommands
{
    private const int MaxPrepared = 64; // our decision: twice what a run has; with more, such as many forms of lists, it begins anew

    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, SqliteCommand>> Prepared = [];

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public static int Run(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        SqliteCommand command = Take(connection, sql, values);
        int changed = command.ExecuteNonQuery();
        GiveBack(connection, command);
        return changed;
    }

    /// <summary>Reads all rows of a query.</summary>
    public static List<T> Query<T>(
        this SqliteConnection connection, string sql, Func<SqliteDataReader, T> read,
        params ReadOnlySpan<(string Name, object? Value)> values)
    {
        SqliteCommand command = Take(connection, sql, values);
        var found = new List<T>();
        using (SqliteDataReader rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                found.Add(read(rows));
            }
        }

        GiveBack(connection, command);
        return found;
    }

    /// <summary>Says whether a query finds anything.</summary>
    public static bool Any(
        this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        SqliteCommand command = Take(connection, sql, values);
        bool found = command.ExecuteScalar() is not null;
        GiveBack(connection, command);
        return found;
    }

    /// <summary>Lists the statements that are prepared on a file, of all its connections.</summary>
    /// <param name="path">The file.</param>
    internal static IReadOnlyCollection<string> StatementsOf(string path) =>
        [.. Prepared.Where(one => IsOf(one.Key, path)).SelectMany(one => one.Value.Keys).Distinct(StringComparer.Ordinal)];

    // SqliteConnection.DataSource asks SQLite, and throws where another thread has closed the connection.
    private static bool IsOf(SqliteConnection connection, string path) =>
        new SqliteConnectionStringBuilder(connection.ConnectionString).DataSource == path;

    /// <summary>Returns the text of a column, or null.</summary>
    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    // A statement that is in use belongs to nobody else. One that fails is not given back; the connection closes it.
    private static SqliteCommand Take(SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!Prepared.GetOrCreateValue(connection).Remove(sql, out SqliteCommand? command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
        }

        Bind(command.Parameters, values);
        return command;
    }

    // The same statement may come with other parameters, some of which it does not have.
    private static void Bind(SqliteParameterCollection parameters, ReadOnlySpan<(string Name, object? Value)> values)
    {
        bool isSame = parameters.Count == values.Length;
        for (int place = 0; isSame && place < values.Length; place++)
        {
            isSame = parameters[place].ParameterName == values[place].Name;
        }

        if (!isSame)
        {
            parameters.Clear();
        }

        for (int place = 0; place < values.Length; place++)
        {
            object value = values[place].Value ?? DBNull.Value;
            if (isSame)
            {
                parameters[place].Value = value;
            }
            else
            {
                parameters.AddWithValue(values[place].Name, value);
            }
        }
    }

    private static void GiveBack(SqliteConnection connection, SqliteCommand command)
    {
        Dictionary<string, SqliteCommand> prepared = Prepared.GetOrCreateValue(connection);
        if (prepared.Count >= MaxPrepared)
        {
            prepared.Values.ToList().ForEach(other => other.Dispose());
            prepared.Clear();
        }

        if (!prepared.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }
}
