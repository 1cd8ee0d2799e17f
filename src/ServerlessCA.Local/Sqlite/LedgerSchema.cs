namespace ServerlessCA.Local.Sqlite;

/// <summary>The tables of <c>ca.db</c>. <c>Certificates</c> has the columns of contract section 2 under the same names;
/// <c>Reservations</c> is the local form of the index table (<c>key#</c>, <c>token#</c>, <c>once#</c>, <c>event#</c>);
/// <c>Marks</c> says when something was last done for the whole deployment.</summary>
internal static class LedgerSchema
{
    /// <summary>Counted up with every change to the tables; kept in <c>PRAGMA user_version</c>.</summary>
    public const int Version = 2;

    /// <summary>Marks the file as ours (<c>PRAGMA application_id</c>): "SLCA".</summary>
    public const int ApplicationId = 0x534C4341;

    /// <summary>What every connection sets. synchronous=FULL: a committed write survives a power cut; fullfsync: on
    /// macOS too.</summary>
    public const string ConnectionSettings = """
        PRAGMA synchronous = FULL;
        PRAGMA fullfsync = ON;
        PRAGMA checkpoint_fullfsync = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        """;

    /// <summary>Makes the tables in an empty file. The partial indexes hold only rows that are revoked or may be
    /// reminded of: finding those costs what is found.</summary>
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
            UNIQUE (CommonName, SerialNumber)
        ) STRICT;
        CREATE INDEX CertificatesSerial ON Certificates (SerialNumber);
        CREATE INDEX CertificatesRevoked ON Certificates (Revoked) WHERE Revoked IS NOT NULL;
        CREATE INDEX CertificatesToRemind ON Certificates (Expires) WHERE NotifyExpiry = 1;
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
        PRAGMA application_id = {ApplicationId};
        PRAGMA user_version = {Version};
        COMMIT;
        """;
}
