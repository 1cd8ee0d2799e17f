using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Migration;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Local.Sqlite;

/// <summary>Defines the tables of <c>ca.db</c>. <c>Certificates</c> has the columns of contract section 2 under the
/// same names. <c>Reservations</c> is the local form of the index table (<c>key#</c>, <c>token#</c>, <c>once#</c>,
/// <c>event#</c>). <c>Events</c> is the outbox. <c>Marks</c> says when something was last done for the whole
/// deployment. <c>History</c> says what happened, and who did it. <c>Gone</c> has the rows that were deleted by hand.</summary>
internal static class LedgerSchema
{
    /// <summary>The version of the tables, incremented with every change to them; stored in <c>PRAGMA
    /// user_version</c>.</summary>
    public const int Version = 5;

    /// <summary>Marks the file as ours (<c>PRAGMA application_id</c>): "SLCA".</summary>
    public const int ApplicationId = 0x534C4341;

    /// <summary>The settings of every connection. synchronous=FULL: a committed write survives a power cut; fullfsync:
    /// on macOS, too.</summary>
    public const string ConnectionSettings = """
        PRAGMA synchronous = FULL;
        PRAGMA fullfsync = ON;
        PRAGMA checkpoint_fullfsync = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        """;

    /// <summary>Creates the table of the history. Entries are found by name or by time, and those that may be forgotten by the time
    /// until which they stay.</summary>
    public const string HistoryTable = """
        CREATE TABLE History (
            Number INTEGER PRIMARY KEY AUTOINCREMENT,
            Id TEXT NOT NULL UNIQUE,
            Kind TEXT NOT NULL,
            At TEXT NOT NULL,
            CommonName TEXT,
            SerialNumber TEXT,
            Ca TEXT,
            Details TEXT NOT NULL,
            Actor TEXT,
            KeptUntil TEXT NOT NULL
        ) STRICT;
        CREATE INDEX HistoryName ON History (CommonName, At);
        CREATE INDEX HistoryAt ON History (At);
        CREATE INDEX HistoryKept ON History (KeptUntil);
        """;

    /// <summary>Creates the index of expiries. It has what summaries count, so that they read no rows.</summary>
    public const string ExpiryIndex = "CREATE INDEX CertificatesExpires ON Certificates (Expires, Revoked, CRLNumber, CommonName);";

    /// <summary>Creates the index that lists read instead of the rows: it has every column of filters, orders and lines.</summary>
    public const string InventoryIndex = """
        CREATE INDEX CertificatesInventory ON Certificates (CommonName, Issued DESC, Expires DESC, SerialNumber, Revoked, RevocationReason,
            CRLNumber, IssuerKeyId, IssuedBy, Source, SearchName, AlternativeNames, Usages);
        """;

    /// <summary>Creates the index of what is reminded of. It has what is counted, so that a count reads no rows.</summary>
    public const string RemindIndex =
        "CREATE INDEX CertificatesToRemind ON Certificates (Expires, Number, Revoked, CRLNumber, Issued) WHERE NotifyExpiry = 1;";

    /// <summary>Creates the index of certificates that can answer for the CA who is revoked (OCSP_SIGNING). There are hardly any.</summary>
    public const string RespondersIndex =
        "CREATE INDEX CertificatesResponders ON Certificates (Number) WHERE instr(Usages, '1.3.6.1.5.5.7.3.9') > 0;";

    /// <summary>Creates the table of rows that somebody deleted or named anew by hand; this program does neither. They are looked for
    /// among the reservations, which would otherwise be compared with all rows.</summary>
    public const string GoneTable = """
        CREATE TABLE Gone (
            CommonName TEXT NOT NULL,
            SerialNumber TEXT NOT NULL,
            PRIMARY KEY (CommonName, SerialNumber)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER CertificatesDeleted AFTER DELETE ON Certificates BEGIN
            INSERT OR IGNORE INTO Gone VALUES (old.CommonName, old.SerialNumber);
        END;
        CREATE TRIGGER CertificatesRenamed AFTER UPDATE OF CommonName, SerialNumber ON Certificates BEGIN
            INSERT OR IGNORE INTO Gone VALUES (old.CommonName, old.SerialNumber);
        END;
        """;

    /// <summary>Creates the tables in an empty file. The partial indexes hold only rows that are revoked or may need a
    /// reminder: a search costs no more than what it finds.</summary>
    public static string Creation { get; } = $"""
        PRAGMA journal_mode = WAL;
        BEGIN IMMEDIATE;
        CREATE TABLE Certificates (
            Number INTEGER PRIMARY KEY AUTOINCREMENT,
            CommonName TEXT NOT NULL,
            SerialNumber TEXT NOT NULL,
            Issued TEXT NOT NULL,
            Expires TEXT NOT NULL,
            Certificate TEXT NOT NULL,
            Revoked TEXT,
            RevocationReason TEXT,
            CRLNumber INTEGER,
            NotifyExpiry INTEGER,
            ExpiryReminders TEXT,
            PublicKeyHash TEXT,
            IssuerKeyId TEXT,
            Source TEXT,
            SearchName TEXT,
            AlternativeNames TEXT,
            Usages TEXT,
            IssuedBy TEXT,
            UNIQUE (CommonName, SerialNumber)
        ) STRICT;
        CREATE INDEX CertificatesSerial ON Certificates (SerialNumber);
        {ExpiryIndex}
        CREATE INDEX CertificatesRevoked ON Certificates (Revoked) WHERE Revoked IS NOT NULL;
        {RemindIndex}
        {RespondersIndex}
        {InventoryIndex}
        CREATE TABLE Reservations (
            Id TEXT PRIMARY KEY,
            CommonName TEXT,
            SerialNumber TEXT,
            RequestHash TEXT,
            At TEXT,
            HolderRevoked INTEGER,
            Compromised INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX ReservationsAt ON Reservations (At) WHERE At IS NOT NULL;
        CREATE TABLE Marks (
            Name TEXT PRIMARY KEY,
            At TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE Events (
            Number INTEGER PRIMARY KEY AUTOINCREMENT,
            Id TEXT NOT NULL UNIQUE,
            Subject TEXT NOT NULL,
            Json TEXT NOT NULL
        ) STRICT;
        {HistoryTable}
        {GoneTable}
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {Version};
        COMMIT;
        """;
}

/// <summary>Upgrades a ledger of an older version to the present one, in one transaction: as a whole or not at all. Of
/// several processes one does it.</summary>
internal static class LedgerUpgrade
{
    /// <summary>The oldest version that can be upgraded.</summary>
    public const int OldestVersion = 1;

    private const int RowsAtOnce = 500; // our decision: some megabytes at most

    // The statements of each version, oldest first. All of them run before rows are read, which have the present columns.
    private static readonly (int Version, string Statements)[] Steps =
    [
        // Rows are found by serial number, and reservations remember revocations.
        (2, """
            ALTER TABLE Reservations ADD COLUMN HolderRevoked INTEGER;
            ALTER TABLE Reservations ADD COLUMN Compromised INTEGER;
            CREATE INDEX CertificatesSerial ON Certificates (SerialNumber);
            """),

        // Rows of all kinds are found by expiry, and say how they were requested. What happened is stored, with who did it.
        (3, $"""
            ALTER TABLE Certificates ADD COLUMN Source TEXT;
            CREATE INDEX CertificatesExpires ON Certificates (Expires);
            {LedgerSchema.HistoryTable}
            """),

        // Rows are searched by what their certificates say; the index is made when the columns are filled.
        (4, $"""
            DROP INDEX CertificatesExpires;
            {LedgerSchema.ExpiryIndex}
            ALTER TABLE Certificates ADD COLUMN SearchName TEXT;
            ALTER TABLE Certificates ADD COLUMN AlternativeNames TEXT;
            ALTER TABLE Certificates ADD COLUMN Usages TEXT;
            ALTER TABLE Certificates ADD COLUMN IssuedBy TEXT;
            """),

        // Health is found without reading all rows; what is missing already is found when the columns are filled.
        (5, $"""
            DROP INDEX CertificatesToRemind;
            {LedgerSchema.RemindIndex}
            {LedgerSchema.RespondersIndex}
            {LedgerSchema.GoneTable}
            """),
    ];

    private const int RemembersSince = 2; // the version whose reservations remember revocations
    private const int CountsSince = 5; // the version that knows which rows are gone
    private const int SearchesSince = 4; // the version whose rows have the columns of searches

    /// <summary>Upgrades the ledger. A ledger of the present version is left alone.</summary>
    /// <exception cref="SqliteException">Nothing was changed.</exception>
    public static void Run(LedgerFile file, SqliteConnection connection)
    {
        connection.Run("BEGIN IMMEDIATE"); // from here on no other process upgrades
        long version = connection.Query("PRAGMA user_version", row => row.GetInt64(0)).Single();
        foreach ((int _, string statements) in Steps.Where(step => step.Version > version))
        {
            connection.Run(statements);
        }

        if (version < RemembersSince)
        {
            Remember(file, connection);
        }

        if (version < SearchesSince)
        {
            FillSearchKeys(file, connection);
            connection.Run(LedgerSchema.InventoryIndex);
        }

        if (version < CountsSince)
        {
            connection.Run(
                "INSERT OR IGNORE INTO Gone SELECT CommonName, SerialNumber FROM Reservations WHERE Id > @first AND Id < @end "
                    + "AND CommonName IS NOT NULL AND SerialNumber IS NOT NULL AND NOT EXISTS ("
                    + "SELECT 1 FROM Certificates c WHERE c.CommonName = Reservations.CommonName AND c.SerialNumber = Reservations.SerialNumber)",
                ("@first", SqliteLedger.KeyPrefix), ("@end", SqliteLedger.KeyEnd));
        }

        if (version < LedgerSchema.Version)
        {
            connection.Run($"PRAGMA user_version = {LedgerSchema.Version}");
        }

        connection.Run("COMMIT");
    }

    // RSA keys get their reservation under the modulus, and revoked rows are marked in it (contract 12.20, 12.27).
    private static void Remember(LedgerFile file, SqliteConnection connection)
    {
        foreach ((long _, CertificateRecord row) in Rows(file, connection))
        {
            if (ReservedKey.Of(row) is { } key)
            {
                Remember(file, connection, row, key);
            }
        }
    }

    private static void FillSearchKeys(LedgerFile file, SqliteConnection connection)
    {
        foreach ((long number, CertificateRecord row) in Rows(file, connection))
        {
            LedgerRow.FillSearchKeys(connection, number, SearchKeys.Of(row));
        }

        // A row that somebody changed has at least its name, by which it is found once it is corrected.
        connection.CreateFunction("fold", (string name) => SearchText.Fold(name), isDeterministic: true);
        connection.Run("UPDATE Certificates SET SearchName = fold(CommonName) WHERE SearchName IS NULL");
    }

    // Every row that can be read, page by page.
    private static IEnumerable<(long Number, CertificateRecord Row)> Rows(LedgerFile file, SqliteConnection connection)
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
                if (row is not null)
                {
                    yield return (number, row);
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
            before = SqliteLedger.FindKey(file, connection, key);
        }
        catch (LedgerUnavailableException)
        {
            return; // somebody changed it: a request for this key will report it
        }

        CertificateRecord? holder = before is null ? null : Find(file, connection, before.Holder, unreadable: row);
        if (RowBackfill.Reservation(row, before, holder) is { } wanted)
        {
            SqliteLedger.ReserveKey(connection, key, wanted);
        }
    }

    // A holder that cannot be read stays the holder.
    private static CertificateRecord? Find(LedgerFile file, SqliteConnection connection, RowId id, CertificateRecord unreadable)
    {
        try
        {
            return SqliteLedger.FindRow(file, connection, id);
        }
        catch (LedgerUnavailableException)
        {
            return unreadable;
        }
    }

    // Reading a row that somebody changed reports it later; here it must not keep the whole ledger from opening.
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
