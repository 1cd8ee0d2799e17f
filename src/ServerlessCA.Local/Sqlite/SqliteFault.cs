using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Local.Sqlite;

/// <summary>What SQLite's errors mean to the operator (https://sqlite.org/rescode.html).</summary>
internal static class SqliteFault
{
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>The port's exception, naming the file and what to do.</summary>
    public static LedgerUnavailableException Of(string path, SqliteException error, bool nothingWasStored) => new(
        $"The ledger '{path}' {Advice(path, error)} ({error.Message})", error, nothingWasStored);

    /// <summary>The same for what the file system reports.</summary>
    public static LedgerUnavailableException Of(string path, Exception error, bool nothingWasStored) => new(
        $"The ledger '{path}' cannot be opened: {error.Message.TrimEnd('.')}. Check the folder and who may write there.", error, nothingWasStored);

    private static string Advice(string path, SqliteException error) => error.SqliteErrorCode switch
    {
        Busy or Locked => "is locked by another process. Try again, or end the process that holds it.",
        Corrupt or NotADatabase =>
            $"is damaged. Stop everything that uses it and restore '{path}' from a backup, without its -wal and -shm files.",
        ReadOnly or Permission or CannotOpen =>
            "cannot be opened for writing. Check owner and mode of the file and its folder, and that the disk is not mounted read-only.",
        Full => "cannot grow: the disk is full. Make room and try again.",
        InputOutput => "cannot be read or written: the disk is full or fails. Make room, check it, and try again.",
        _ => "could not be used. Check the disk, then try again.",
    };
}
