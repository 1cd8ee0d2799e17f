using Microsoft.Data.Sqlite;

namespace ServerlessCA.Local.Sqlite;

/// <summary>Is a connection to the ledger's file that keeps its statements prepared: to prepare one takes longer than to run it. One thread
/// at a time uses it.</summary>
/// <param name="settings">The connection string.</param>
internal sealed class LedgerConnection(string settings) : SqliteConnection(settings)
{
    private const int MaxPrepared = 64; // our decision: an issue needs about twenty; lists with filters have many texts

    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    /// <summary>Returns a statement with values for its parameters. Who takes it gives it back when all of its rows are read.</summary>
    public SqliteCommand Take(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!prepared.Remove(sql, out SqliteCommand? command))
        {
            command = CreateCommand();
            command.CommandText = sql;
        }

        SqliteParameterCollection parameters = command.Parameters;
        for (int i = 0; i < values.Length; i++)
        {
            object value = values[i].Value ?? DBNull.Value;
            if (i < parameters.Count)
            {
                parameters[i].ParameterName = values[i].Name;
                parameters[i].Value = value;
            }
            else
            {
                parameters.AddWithValue(values[i].Name, value);
            }
        }

        return command;
    }

    /// <summary>Takes a statement back.</summary>
    public void GiveBack(SqliteCommand command)
    {
        if (prepared.Count >= MaxPrepared || !prepared.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (SqliteCommand command in prepared.Values)
            {
                command.Dispose();
            }

            prepared.Clear();
        }

        base.Dispose(disposing);
    }
}
