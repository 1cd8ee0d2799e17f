using System.Numerics;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Aws.DynamoDb;
using ServerlessCA.Aws.DynamoDb.Migration;
using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Aws.Tests.DynamoDb.Migration;

public sealed class MigrateTablesTests
{
    private static readonly (string, AttributeValue) Notify = ("NotifyExpiry", new AttributeValue { BOOL = true });
    private static readonly DateOnly Day = new(2030, 1, 31);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_of_the_original_gets_its_reservation_and_what_it_lacked()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        byte[] key = RealCertificate.EcKey();
        var old = new IssuedBefore("old.example.test", 7, key);
        await tables.PutAsync([old.Item(Some.Time, Notify)], Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        CertificateRecord before = (await ledger.FindAsync(old.Row.CommonName, old.Row.SerialNumber, Cancellation))!;
        Assert.Empty(await ledger.ListExpiringAsync(Day, Day, Cancellation).ToListAsync(Cancellation));

        MigrationReport report = await Migrate(tables, apply: true);

        Assert.Equal((true, true, 1L, 1L, 1L), (report.Applied, report.IsComplete, report.RowsRead, report.RowsFilled, report.KeysReserved));
        CertificateRecord after = before with { PublicKeyHash = old.PublicKeyHash, IssuerKeyId = RealCertificate.IssuerKeyId };
        Expect.SameRow(after, await ledger.FindAsync(old.Row.CommonName, old.Row.SerialNumber, Cancellation));
        Expect.SameRows([after], await ledger.ListExpiringAsync(Day, Day, Cancellation).ToListAsync(Cancellation));
        Assert.Equal(old.Row, (await ledger.FindKeyAsync(old.Key, Cancellation))?.Holder);
        Assert.Equal(AddOutcome.KeyUsed, await ledger.AddAsync(Some.Addition("another") with { Key = old.Key }, Cancellation));
    }

    [Fact]
    public async Task A_dry_run_counts_the_same_and_writes_nothing()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        byte[] key = RealCertificate.EcKey();
        byte[] other = RealCertificate.EcKey();
        await tables.PutAsync(
            [
                new IssuedBefore("a", 1, key).Item(Some.Time, Notify), new IssuedBefore("a", 2, key).Item(Some.Time.AddDays(1)),
                new IssuedBefore("b", 3, other).Item(Some.Time), RowItemTests.Original(),
            ],
            Cancellation);
        string seen = await tables.ContentAsync(Cancellation);

        MigrationReport dry = await Migrate(tables, apply: false);

        Assert.Equal(seen, await tables.ContentAsync(Cancellation));
        Assert.Equal((4L, 4L, 2L, 1L), (dry.RowsRead, dry.RowsFilled, dry.KeysReserved, dry.RowsUnreadable));
        Assert.False(dry.Applied || dry.IsComplete);
        MigrationReport applied = await Migrate(tables, apply: true);
        Assert.Equal(dry with { Applied = true, ListsExpiries = true, Unreadable = [] }, applied with { Unreadable = [] });
    }

    [Fact]
    public async Task Another_run_finds_nothing_to_do()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        byte[] key = RealCertificate.EcKey();
        await tables.PutAsync([new IssuedBefore("a", 1, key).Item(Some.Time, Notify)], Cancellation);
        await tables.Ledger().AddAsync(new CertificateAddition(Some.CaRecord()) { OnlyIfNameIsNew = true }, Cancellation);
        await Migrate(tables, apply: true);
        string seen = await tables.ContentAsync(Cancellation);

        MigrationReport dry = await Migrate(tables, apply: false);
        MigrationReport again = await Migrate(tables, apply: true);

        Assert.True(dry.IsComplete && again.IsComplete);
        Assert.Equal((2L, 0L, 0L), (again.RowsRead, again.RowsFilled, again.KeysReserved));
        Assert.Equal(seen, await tables.ContentAsync(Cancellation));
    }

    [Fact]
    public async Task The_youngest_row_holds_the_key_of_several()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        byte[] key = RealCertificate.EcKey();
        IssuedBefore[] rows = [.. Enumerable.Range(1, 6).Select(serial => new IssuedBefore($"name-{serial % 3}", serial, key))];
        await tables.PutAsync(rows.Select((row, place) => row.Item(Some.Time.AddHours(place == 2 ? 100 : place))), Cancellation);

        MigrationReport report = await Migrate(tables, apply: true);

        Assert.Equal(1, report.KeysReserved);
        Assert.Equal(rows[2].Row, (await tables.Ledger().FindKeyAsync(rows[2].Key, Cancellation))?.Holder);
    }

    [Fact]
    public async Task A_reservation_stays_with_a_younger_row_and_leaves_one_that_is_gone()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        byte[] first = RealCertificate.EcKey();
        byte[] second = RealCertificate.EcKey();
        IssuedBefore[] rows = [new("a", 1, first), new("b", 2, second)];
        await tables.PutAsync(rows.Select(row => row.Item(Some.Time.AddDays(-1))), Cancellation);
        await ledger.AddAsync(Some.Addition("forced") with { Key = rows[0].Key }, Cancellation);
        await ledger.AddAsync(Some.Addition("gone") with { Key = rows[1].Key }, Cancellation);
        await tables.Client.DeleteItemAsync(
            tables.Names.Certificates, new() { ["CommonName"] = RowItemTests.Text("gone"), ["SerialNumber"] = RowItemTests.Text("1") }, Cancellation);

        await Migrate(tables, apply: true);

        Assert.Equal("forced", (await ledger.FindKeyAsync(rows[0].Key, Cancellation))?.Holder.CommonName);
        Assert.Equal("b", (await ledger.FindKeyAsync(rows[1].Key, Cancellation))?.Holder.CommonName);
    }

    [Fact]
    public async Task An_RSA_key_that_was_reserved_by_its_former_hash_is_reserved_by_its_modulus()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        BigInteger modulus = BigInteger.Pow(2, 2047) + 1;
        IssuedBefore[] rows = [new("a", 1, RealCertificate.RsaKey(modulus, 65537)), new("b", 2, RealCertificate.RsaKey(modulus, 65539))];
        CertificateRecord[] records = [.. rows.Select((row, place) => Some.Record(row.Row.CommonName, place + 1) with
        {
            CertificatePem = row.Pem,
            PublicKeyHash = row.PublicKeyHash,
            IssuerKeyId = RealCertificate.IssuerKeyId,
        })];
        foreach ((CertificateRecord record, IssuedBefore row) in records.Zip(rows))
        {
            await ledger.AddAsync(new CertificateAddition(record) { Key = new(row.PublicKeyHash, null) }, Cancellation);
        }

        MigrationReport report = await Migrate(tables, apply: true);

        Assert.Equal((true, 0L, 1L), (report.IsComplete, report.RowsFilled, report.KeysReserved));
        Assert.True(ReservedKey.TryOf(RealCertificate.RsaKey(modulus, 3), out ReservedKey another));
        Assert.Equal(new KeyReservation(rows[1].Row, HolderRevoked: false, Compromised: false), await ledger.FindKeyAsync(another, Cancellation));
        Assert.True((await Migrate(tables, apply: false)).IsComplete);
    }

    [Fact]
    public async Task Reservations_remember_what_was_revoked_before_they_could()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        byte[][] keys = [RealCertificate.EcKey(), RealCertificate.EcKey(), RealCertificate.EcKey()];
        IssuedBefore[] rows = [new("lost", 1, keys[0]), new("old", 2, keys[1]), new("twice", 3, keys[2]), new("twice", 4, keys[2])];
        (string, AttributeValue) revoked = ("Revoked", RowItemTests.Text("2030-01-02 00:00:00"));
        (string, AttributeValue) compromised = ("RevocationReason", RowItemTests.Text("keyCompromise"));
        await tables.PutAsync(
            [
                rows[0].Item(Some.Time, revoked, compromised), rows[1].Item(Some.Time, revoked),
                rows[2].Item(Some.Time, revoked, compromised), rows[3].Item(Some.Time.AddDays(1)),
            ],
            Cancellation);

        MigrationReport report = await Migrate(tables, apply: true);

        Assert.Equal((true, 3L), (report.IsComplete, report.KeysReserved));
        Assert.Equal(new KeyReservation(rows[0].Row, HolderRevoked: true, Compromised: true), await ledger.FindKeyAsync(rows[0].Key, Cancellation));
        Assert.Equal(new KeyReservation(rows[1].Row, HolderRevoked: true, Compromised: false), await ledger.FindKeyAsync(rows[1].Key, Cancellation));
        Assert.Equal(new KeyReservation(rows[3].Row, HolderRevoked: false, Compromised: true), await ledger.FindKeyAsync(rows[3].Key, Cancellation));
        Assert.True((await Migrate(tables, apply: false)).IsComplete);
    }

    [Fact]
    public async Task A_revoked_holder_whose_row_is_gone_is_not_forgotten()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        var older = new IssuedBefore("older", 1, RealCertificate.EcKey());
        await tables.PutAsync([older.Item(Some.Time.AddDays(-1))], Cancellation);
        CertificateAddition gone = Some.Addition("gone") with { Key = older.Key };
        await ledger.AddAsync(gone, Cancellation);
        await ledger.RevokeAsync(Some.Row(gone.Record), new(Some.Time), gone.Key, null, Cancellation);
        await tables.Client.DeleteItemAsync(
            tables.Names.Certificates, new() { ["CommonName"] = RowItemTests.Text("gone"), ["SerialNumber"] = RowItemTests.Text("1") }, Cancellation);

        await Migrate(tables, apply: true);

        Assert.Equal(new KeyReservation(Some.Row(gone.Record), HolderRevoked: true, Compromised: false), await ledger.FindKeyAsync(older.Key, Cancellation));
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_are_named_and_left_alone_but_for_their_month_of_expiry()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        byte[] key = RealCertificate.EcKey();
        var sound = new IssuedBefore("sound", 1, key);
        Dictionary<string, AttributeValue>[] odd =
        [
            sound.Item(Some.Time, ("CommonName", RowItemTests.Text("other serial")), ("SerialNumber", RowItemTests.Text("2"))),
            sound.Item(Some.Time, ("CommonName", RowItemTests.Text("no serial")), ("SerialNumber", RowItemTests.Text("x"))),
            sound.Item(Some.Time, ("CommonName", RowItemTests.Text("no time")), ("Expires", RowItemTests.Text("never"))),
            sound.Item(Some.Time, ("CommonName", RowItemTests.Text("no certificate")), ("Certificate", RowItemTests.Text("?"))),
        ];
        await tables.PutAsync([sound.Item(Some.Time), .. odd], Cancellation);

        MigrationReport report = await Migrate(tables, apply: true);

        Assert.Equal((5L, 3L, 4L, false), (report.RowsRead, report.RowsFilled, report.RowsUnreadable, report.IsComplete));
        Assert.Equal(
            ["no certificate: its certificate cannot be read", "no serial: 'x' is not a serial number",
                "no time: Expires: 'never' is not a time of the form yyyy-MM-dd HH:mm:ss", "other serial: its certificate has the serial number 1"],
            report.Unreadable.Select(row => $"{row.CommonName}: {row.Why}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_holder_that_cannot_be_read_stops_no_other_row_and_stays_the_holder()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        var sound = new IssuedBefore("sound", 1, RealCertificate.EcKey());
        DynamoDbLedger ledger = tables.Ledger();
        await ledger.AddAsync(Some.Addition("changed") with { Key = sound.Key }, Cancellation);
        await tables.Client.UpdateItemAsync(
            new()
            {
                TableName = tables.Names.Certificates,
                Key = new() { ["CommonName"] = RowItemTests.Text("changed"), ["SerialNumber"] = RowItemTests.Text("1") },
                UpdateExpression = "SET Expires = :never",
                ExpressionAttributeValues = new() { [":never"] = RowItemTests.Text("never") },
            },
            Cancellation);
        await tables.PutAsync(
            [
                sound.Item(Some.Time, ("Revoked", RowItemTests.Text("2030-01-02 00:00:00")), ("RevocationReason", RowItemTests.Text("keyCompromise"))),
            ],
            Cancellation);

        MigrationReport report = await Migrate(tables, apply: true);

        Assert.Equal((2L, 1L, 1L), (report.RowsRead, report.RowsFilled, report.RowsUnreadable));
        KeyReservation? found = await ledger.FindKeyAsync(sound.Key, Cancellation);
        Assert.Equal(("changed", true), (found?.Holder.CommonName, found?.Compromised));
    }

    [Fact]
    public async Task A_row_that_was_silenced_or_marked_by_hand_is_put_right()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        byte[] key = RealCertificate.EcKey();
        var silenced = new IssuedBefore("silenced", 1, key);
        var marked = new IssuedBefore("marked", 2, key);
        await tables.PutAsync(
            [
                silenced.Item(Some.Time, ("NotifyExpiry", new() { BOOL = false }), ("ReminderDay", RowItemTests.Text("2030-01-31"))),
                marked.Item(Some.Time, Notify),
            ],
            Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        Assert.Empty(await ledger.ListExpiringAsync(Day, Day, Cancellation).ToListAsync(Cancellation));

        Assert.True((await Migrate(tables, apply: true)).IsComplete);

        Assert.Equal("marked", Assert.Single(await ledger.ListExpiringAsync(Day, Day, Cancellation).ToListAsync(Cancellation)).CommonName);
        Assert.DoesNotContain("\"silenced\" ReminderDay", await tables.ContentAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_by_expiry_are_complete_after_a_migration_and_not_before()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        await tables.PutAsync(
            [
                new IssuedBefore("old", 1, RealCertificate.EcKey()).Item(Some.Time), RowItemTests.Original(),
                RowItemTests.Original(("CommonName", RowItemTests.Text("ca")), ("CRLNumber", new AttributeValue { N = "4" })),
            ],
            Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        await ledger.AddAsync(new CertificateAddition(Some.CaRecord("another-ca", 9)) { OnlyIfNameIsNew = true }, Cancellation);
        Assert.False(await ledger.HasAllExpiriesAsync(Cancellation));
        Assert.False((await Migrate(tables, apply: false)).ListsExpiries);
        Assert.False(await ledger.HasAllExpiriesAsync(Cancellation));

        MigrationReport report = await Migrate(tables, apply: true);

        Assert.True(report.ListsExpiries);
        Assert.True(await ledger.HasAllExpiriesAsync(Cancellation));
        List<CertificateLine> lines = await ledger.ListByExpiryAsync(Some.Time, Some.Time.AddYears(1), Cancellation).ToListAsync(Cancellation);
        Assert.Equal(["another-ca", "ca", "old", "old.example.test"], lines.Select(line => line.CommonName).Order(StringComparer.Ordinal));
        Assert.Equal(["another-ca", "ca"], lines.Where(line => line.IsCa).Select(line => line.CommonName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Lists_by_expiry_stay_incomplete_while_a_row_has_no_expiry_that_can_be_read()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        var sound = new IssuedBefore("sound", 1, RealCertificate.EcKey());
        await tables.PutAsync([sound.Item(Some.Time, ("Expires", RowItemTests.Text("never")))], Cancellation);

        Assert.False((await Migrate(tables, apply: true)).ListsExpiries);
        Assert.False(await tables.Ledger().HasAllExpiriesAsync(Cancellation));
    }

    [Fact]
    public async Task A_row_without_times_gets_those_of_its_certificate()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        Dictionary<string, AttributeValue> item = new IssuedBefore("bare", 1, RealCertificate.EcKey()).Item(Some.Time);
        item.Remove("Issued");
        item.Remove("Expires");
        await tables.PutAsync([item], Cancellation);

        Assert.True((await Migrate(tables, apply: true)).IsComplete);

        CertificateRecord row = Assert.Single(await tables.Ledger().FindByNameAsync("bare", Cancellation));
        CertificateLine line = Assert.Single(await tables.Ledger().ListByExpiryAsync(row.Expires, row.Expires, Cancellation).ToListAsync(Cancellation));
        Assert.Equal(CertificateLine.Of(row), line);
    }

    private static Task<MigrationReport> Migrate(TestTables tables, bool apply) =>
        new MigrateTables(tables.Client, tables.Names, TimeProvider.System).RunAsync(apply, null, Cancellation);
}
