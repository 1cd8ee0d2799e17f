using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Migration;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

/// <summary>Brings a ledger of an older version to the present one, in one transaction: it is done as a whole or not at
/// all, and of several processes one does it.</summary>
internal static class LedgerUpgrade
{
    /// <summary>The oldest version that is understood.</summary>
    public const int OldestVersion = 1;

    private const int RowsAtOnce = 500; // our decision: some megabytes at most

    // Version 2: rows are found by serial number, and reservations remember revocations.
    private const string ToVersion2 = """
        ALTER TABLE Reservations ADD COLUMN HolderRevoked INTEGER;
        ALTER TABLE Reservations ADD COLUMN Compromised INTEGER;
        CREATE INDEX CertificatesSerial ON Certificates (SerialNumber);
        """;

    /// <summary>Does it; nothing is done to a ledger of the present version.</summary>
    /// <exception cref="SqliteException">Nothing was changed.</exception>
    public static void Run(LedgerFile file, SqliteConnection connection)
    {
        connection.Run("BEGIN IMMEDIATE"); // from here on nobody else upgrades
        if (connection.Query("PRAGMA user_version", row => row.GetInt64(0)).Single() == OldestVersion)
        {
            connection.Run(ToVersion2);
            Remember(file, connection);
            connection.Run($"PRAGMA user_version = {LedgerSchema.Version}");
        }

        connection.Run("COMMIT");
    }

    // RSA keys get their reservation under the modulus, revoked rows are remembered (contract 12.20, 12.27).
    private static void Remember(LedgerFile file, SqliteConnection connection)
    {
        long after = 0;
        List<(long Number, CertificateRecord? Row)> page;
        do
        {
            long from = after;
            page = connection.Query(
                $"SELECT {LedgerRow.Columns}, Number FROM Certificates WHERE Number > @after ORDER BY Number LIMIT {RowsAtOnce}",
                row => (row.GetInt64(LedgerRow.ColumnCount), Read(file, row)), ("@after", from));
            foreach ((long number, CertificateRecord? row) in page)
            {
                after = number;
                if (row is not null && ReservedKey.Of(row) is { } key)
                {
                    Remember(file, connection, row, key);
                }
            }
        }
        while (page.Count > 0);
    }

    private static void Remember(LedgerFile file, SqliteConnection connection, CertificateRecord row, ReservedKey key)
    {
        KeyReservation? before;
        try
        {
            before = KeyReservations.Find(file, connection, key);
        }
        catch (LedgerUnavailableException)
        {
            return; // somebody changed it: whoever asks for the key is told
        }

        CertificateRecord? holder = before is null ? null : Find(file, connection, before.Holder, unreadable: row);
        if (RowBackfill.Reservation(row, before, holder) is { } wanted)
        {
            KeyReservations.Put(connection, key, wanted);
        }
    }

    // A holder that cannot be read stays the holder.
    private static CertificateRecord? Find(LedgerFile file, SqliteConnection connection, RowId id, CertificateRecord unreadable)
    {
        try
        {
            return CertificateRows.Find(file, connection, id);
        }
        catch (LedgerUnavailableException)
        {
            return unreadable;
        }
    }

    // Whoever reads a row that somebody changed is told of it; it must not keep the whole ledger from opening.
    private static CertificateRecord? Read(LedgerFile file, SqliteDataReader row)
    {
        try
        {
            return LedgerRow.Read(file, row);
        }
        catch (LedgerUnavailableException)
        {
            return null;
        }
    }
}
