using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Sqlite;
using Xunit;

namespace ServerlessCA.Local.Tests.Sqlite;

/// <summary>Upgrades ledgers of earlier versions: version 1 had no index of serial numbers, and its reservations did not mark
/// revocations; version 2 had no index of all expiries, and its rows did not say how they were requested; version 3 had no columns
/// of searches; version 4 did not know which rows are gone.</summary>
public sealed class LedgerUpgradeTests : IDisposable
{
    // The tables as version 1 created them, word for word.
    private const string Version1 = """
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
        CREATE INDEX CertificatesRevoked ON Certificates (Revoked) WHERE Revoked IS NOT NULL;
        CREATE INDEX CertificatesToRemind ON Certificates (Expires) WHERE NotifyExpiry = 1;
        CREATE TABLE Reservations (
            Id TEXT PRIMARY KEY,
            CommonName TEXT,
            SerialNumber TEXT,
            RequestHash TEXT,
            At TEXT
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
        PRAGMA journal_mode = WAL;
        PRAGMA application_id = 1397506881;
        PRAGMA user_version = 1;
        """;

    // What version 2 added, word for word.
    private const string Version2 = Version1 + """

        ALTER TABLE Reservations ADD COLUMN HolderRevoked INTEGER;
        ALTER TABLE Reservations ADD COLUMN Compromised INTEGER;
        CREATE INDEX CertificatesSerial ON Certificates (SerialNumber);
        PRAGMA user_version = 2;
        """;

    // What version 3 added, word for word.
    private const string Version3 = Version2 + """

        ALTER TABLE Certificates ADD COLUMN Source TEXT;
        CREATE INDEX CertificatesExpires ON Certificates (Expires);
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
        PRAGMA user_version = 3;
        """;

    // What version 4 added, word for word.
    private const string Version4 = Version3 + """

        DROP INDEX CertificatesExpires;
        CREATE INDEX CertificatesExpires ON Certificates (Expires, Revoked, CRLNumber, CommonName);
        ALTER TABLE Certificates ADD COLUMN SearchName TEXT;
        ALTER TABLE Certificates ADD COLUMN AlternativeNames TEXT;
        ALTER TABLE Certificates ADD COLUMN Usages TEXT;
        ALTER TABLE Certificates ADD COLUMN IssuedBy TEXT;
        CREATE INDEX CertificatesInventory ON Certificates (CommonName, Issued DESC, Expires DESC, SerialNumber, Revoked, RevocationReason,
            CRLNumber, IssuerKeyId, IssuedBy, Source, SearchName, AlternativeNames, Usages);
        PRAGMA user_version = 4;
        """;

    // The form of the present tables: columns in order, indexes with their columns and conditions.
    private const string Form = """
        SELECT group_concat(line, char(10)) FROM (
            SELECT t.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk AS line
            FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'
            UNION ALL SELECT sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND name <> 'Stop' ORDER BY line);
        """;

    private static readonly BigInteger Modulus = BigInteger.Pow(2, 2047) + 1;

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Db => folder.At("ca.db");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Version1)]
    [InlineData(Version2)]
    [InlineData(Version3)]
    [InlineData(Version4)]
    public async Task A_ledger_of_an_earlier_version_gets_the_tables_of_this_one(string earlier)
    {
        using (SqliteLedger fresh = await OpenAsync(folder.At("fresh.db")))
        {
            Database.Execute(Db, earlier);
        }

        (await OpenAsync(Db)).Dispose();

        Assert.Equal("5", Database.Execute(Db, "PRAGMA user_version"));
        Assert.Equal(Database.Execute(folder.At("fresh.db"), Form), Database.Execute(Db, Form));
        Assert.Equal("ok", Database.Execute(Db, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task Rows_of_the_previous_version_are_found_by_serial_number_and_their_keys_are_remembered()
    {
        byte[][] keys = [RealCertificate.RsaKey(Modulus, 65537), RealCertificate.EcKey(), RealCertificate.EcKey(), RealCertificate.EcKey()];
        Database.Execute(Db, Version1);
        Insert("rsa", 1, keys[0], revocation: "NULL, NULL");
        Insert("lost", 2, keys[1], revocation: "'2030-01-02 00:00:00', 'keyCompromise'");
        Insert("old", 3, keys[2], revocation: "'2030-01-02 00:00:00', NULL");
        Insert("valid", 4, keys[3], revocation: "NULL, NULL");

        using SqliteLedger ledger = await OpenAsync(Db);

        Assert.Equal("lost", Assert.Single(await ledger.FindBySerialAsync(SerialNumber.Of(2), Cancellation)).CommonName);
        Assert.Equal(Of("rsa", 1), await ReservationAsync(ledger, RealCertificate.RsaKey(Modulus, 65539)));
        Assert.Equal(Of("lost", 2) with { HolderRevoked = true, Compromised = true }, await ReservationAsync(ledger, keys[1]));
        Assert.Equal(Of("old", 3) with { HolderRevoked = true }, await ReservationAsync(ledger, keys[2]));
        Assert.Equal(Of("valid", 4), await ReservationAsync(ledger, keys[3]));
    }

    [Fact]
    public async Task Rows_of_the_previous_version_are_listed_by_expiry_and_nobody_knows_how_they_were_requested()
    {
        Database.Execute(Db, Version2);
        Insert("old", 1, RealCertificate.EcKey(), revocation: "NULL, NULL");

        using SqliteLedger ledger = await OpenAsync(Db);
        await ledger.AddAsync(new CertificateAddition(Some.Record("new", 2) with { Source = IssueSource.GitOps }), Cancellation);

        Assert.True(await ledger.HasAllExpiriesAsync(Cancellation));
        DateTimeOffset end = new(2030, 1, 31, 0, 0, 0, TimeSpan.Zero);
        List<CertificateLine> lines = await ledger.ListByExpiryAsync(end, end, Cancellation).ToListAsync(Cancellation);
        Assert.Equal([("old", null), ("new", IssueSource.GitOps)], lines.Select(line => (line.CommonName, line.Source)));
    }

    [Fact]
    public async Task Rows_of_the_previous_version_are_found_by_what_their_certificates_say()
    {
        Database.Execute(Db, Version3);
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            var request = new CertificateRequest("CN=any", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("www.Example.test");
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier([0x0a, 0x0b]));
            using X509Certificate2 certificate = request.CreateSelfSigned(Some.Time, Some.Time.AddDays(30));
            Insert("Stra\u00dfe", 1, RealCertificate.EcKey(), revocation: "NULL, NULL");
            Database.Execute(Db, $"UPDATE Certificates SET Certificate = '{certificate.ExportCertificatePem()}\n'");
        }

        Database.Execute(Db, """
            WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1101)
            INSERT INTO Certificates (CommonName, SerialNumber, Issued, Expires, Certificate)
            SELECT 'other', n, '2030-01-01 00:00:00', '2030-01-31 00:00:00', 'none' FROM numbers
            """);

        using SqliteLedger ledger = await OpenAsync(Db);
        async Task<string> Find(InventoryFilter filter) =>
            string.Join(' ', (await ledger.ListAsync(new InventoryQuery(filter), Some.Time, Cancellation)).Rows.Select(row => row.CommonName));

        Assert.Equal("Stra\u00dfe", await Find(new() { AlternativeName = "*.EXAMPLE.test" }));
        Assert.Equal("Stra\u00dfe", await Find(new() { UsageOid = "1.3.6.1.5.5.7.3.1" }));
        Assert.Equal("Stra\u00dfe", await Find(new() { IssuerKeyIds = new HashSet<string> { "0a0b" } }));
        Assert.Equal("Stra\u00dfe", await Find(new() { Name = "RA" }));
        Assert.Equal("1101", Database.Execute(Db, "SELECT count(SearchName) FROM Certificates"));
    }

    [Fact]
    public async Task Reservations_of_the_previous_version_whose_row_is_gone_are_counted()
    {
        Database.Execute(Db, Version4);
        foreach (int serial in Enumerable.Range(1, 3))
        {
            Insert("row", serial, RealCertificate.EcKey(), revocation: "NULL, NULL");
        }

        Database.Execute(Db, "DELETE FROM Certificates WHERE SerialNumber < '3'");
        using SqliteLedger ledger = await OpenAsync(Db);

        Assert.Equal(2, await ledger.CountOrphanedAsync([], Cancellation));
        Assert.Equal(0, await ledger.CountOrphanedAsync(["row"], Cancellation));
    }

    [Fact]
    public async Task A_row_that_somebody_changed_does_not_keep_the_ledger_from_opening()
    {
        Database.Execute(Db, Version1);
        Insert("changed", 1, RealCertificate.EcKey(), revocation: "'yesterday', NULL");
        Insert("unreadable", 2, RealCertificate.EcKey(), revocation: "NULL, NULL");
        Database.Execute(Db, "UPDATE Certificates SET Certificate = 'none' WHERE CommonName = 'unreadable'");

        using SqliteLedger ledger = await OpenAsync(Db);

        Assert.NotNull(await ledger.FindAsync("unreadable", SerialNumber.Of(2), Cancellation));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.FindAsync("changed", SerialNumber.Of(1), Cancellation));
        Database.Execute(Db, "UPDATE Certificates SET Revoked = '2030-01-02 00:00:00' WHERE CommonName = 'changed'");
        Assert.Equal(1, (await ledger.ListAsync(new InventoryQuery(new() { Name = "CHANGED" }), Some.Time, Cancellation)).Count);
    }

    [Fact]
    public async Task Neither_does_a_holder_or_a_reservation_that_somebody_changed()
    {
        byte[] key = RealCertificate.EcKey();
        Database.Execute(Db, Version1);
        Insert("older", 1, key, revocation: "'2030-01-02 00:00:00', 'keyCompromise'");
        Insert("changed", 2, RealCertificate.EcKey(), revocation: "'yesterday', NULL");
        Database.Execute(Db, "UPDATE Reservations SET CommonName = 'changed', SerialNumber = '2' WHERE CommonName = 'older'");
        Insert("other", 3, RealCertificate.EcKey(), revocation: "NULL, NULL");
        Database.Execute(Db, "UPDATE Reservations SET SerialNumber = 'none' WHERE CommonName = 'other'");

        using SqliteLedger ledger = await OpenAsync(Db);

        Assert.Equal(Of("changed", 2) with { Compromised = true }, await ReservationAsync(ledger, key));
        Assert.NotNull(await ledger.FindAsync("other", SerialNumber.Of(3), Cancellation));
    }

    [Fact]
    public async Task Of_several_that_open_the_ledger_at_once_one_upgrades_it()
    {
        Database.Execute(Db, Version1);
        foreach (int serial in Enumerable.Range(1, 20))
        {
            Insert("many", serial, RealCertificate.EcKey(), revocation: "'2030-01-02 00:00:00', NULL");
        }

        SqliteLedger[] ledgers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => OpenAsync(Db), Cancellation)));

        Assert.All(ledgers, ledger => ledger.Dispose());
        Assert.Equal("20", Database.Execute(Db, "SELECT count(*) FROM Reservations WHERE HolderRevoked = 1"));
    }

    [Theory]
    [InlineData(Version1)]
    [InlineData(Version2)]
    [InlineData(Version3)]
    public async Task An_upgrade_that_fails_half_way_leaves_the_earlier_version_and_the_next_one_completes_it(string earlier)
    {
        Database.Execute(Db, earlier);
        Insert("old", 1, RealCertificate.EcKey(), revocation: "'2030-01-02 00:00:00', NULL");
        string version = Database.Execute(Db, "PRAGMA user_version");
        Database.Execute(Db, "CREATE TRIGGER Stop BEFORE UPDATE ON Certificates BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        string before = Database.Execute(Db, Form);

        LedgerUnavailableException fault = await Assert.ThrowsAsync<LedgerUnavailableException>(() => OpenAsync(Db));

        Assert.Contains("the disk is full", fault.Message, StringComparison.Ordinal);
        Assert.Equal((version, before), (Database.Execute(Db, "PRAGMA user_version"), Database.Execute(Db, Form)));
        Database.Execute(Db, "DROP TRIGGER Stop");
        using SqliteLedger ledger = await OpenAsync(Db);
        Assert.Equal("5", Database.Execute(Db, "PRAGMA user_version"));
        Assert.Equal(1, (await ledger.ListAsync(new InventoryQuery(new() { Name = "OLD", Revoked = true }), Some.Time, Cancellation)).Count);
    }

    private static KeyReservation Of(string name, long serial) => new(new(name, SerialNumber.Of(serial)), HolderRevoked: false, Compromised: false);

    private static async Task<KeyReservation?> ReservationAsync(SqliteLedger ledger, byte[] subjectPublicKeyInfo)
    {
        Assert.True(ReservedKey.TryOf(subjectPublicKeyInfo, out ReservedKey key));
        return await ledger.FindKeyAsync(key with { Former = null }, Cancellation);
    }

    private static Task<SqliteLedger> OpenAsync(string path) =>
        SqliteLedger.OpenAsync(path, create: true, SqliteLedger.DefaultTimeout, Cancellation);

    // A row with the reservation of its key, as version 1 wrote them.
    private void Insert(string name, long serial, byte[] subjectPublicKeyInfo, string revocation)
    {
        string hash = KeyHash.Of(subjectPublicKeyInfo).Hex;
        Database.Execute(Db, string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO Certificates (CommonName, SerialNumber, Issued, Expires, Certificate, Revoked, RevocationReason, PublicKeyHash)
            VALUES ('{name}', '{serial}', '2030-01-01 00:00:00', '2030-01-31 00:00:00',
                '{RealCertificate.Pem(name, serial, subjectPublicKeyInfo)}', {revocation}, '{hash}');
            INSERT INTO Reservations (Id, CommonName, SerialNumber) VALUES ('key#{hash}', '{name}', '{serial}');
            """));
    }
}
