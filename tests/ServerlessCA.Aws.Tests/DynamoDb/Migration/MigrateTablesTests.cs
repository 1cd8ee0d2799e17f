using System.Security.Cryptography;
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
        using ECDsa key = IssuedBefore.NewKey();
        var old = new IssuedBefore("old.example.test", 7, key);
        await tables.PutAsync([old.Item(Some.Time, Notify)], Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        CertificateRecord before = (await ledger.FindAsync(old.Row.CommonName, old.Row.SerialNumber, Cancellation))!;
        Assert.Empty(await ledger.ListExpiringAsync(Day, Day, Cancellation).ToListAsync(Cancellation));

        MigrationReport report = await Migrate(tables, apply: true);

        Assert.Equal((true, true, 1L, 1L, 1L), (report.Applied, report.IsComplete, report.RowsRead, report.RowsFilled, report.KeysReserved));
        CertificateRecord after = before with { PublicKeyHash = old.Key.Hash, IssuerKeyId = IssuedBefore.IssuerKeyId };
        Expect.SameRow(after, await ledger.FindAsync(old.Row.CommonName, old.Row.SerialNumber, Cancellation));
        Expect.SameRows([after], await ledger.ListExpiringAsync(Day, Day, Cancellation).ToListAsync(Cancellation));
        Assert.Equal(old.Row, (await ledger.FindKeyAsync(old.Key, Cancellation))?.Holder);
        Assert.Equal(AddOutcome.KeyUsed, await ledger.AddAsync(Some.Addition("another") with { Key = old.Key }, Cancellation));
    }

    [Fact]
    public async Task A_dry_run_counts_the_same_and_writes_nothing()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        using ECDsa key = IssuedBefore.NewKey();
        using ECDsa other = IssuedBefore.NewKey();
        await tables.PutAsync(
            [
                new IssuedBefore("a", 1, key).Item(Some.Time, Notify), new IssuedBefore("a", 2, key).Item(Some.Time.AddDays(1)),
                new IssuedBefore("b", 3, other).Item(Some.Time), OriginalRowTests.Original(),
            ],
            Cancellation);
        string seen = await tables.ContentAsync(Cancellation);

        MigrationReport dry = await Migrate(tables, apply: false);

        Assert.Equal(seen, await tables.ContentAsync(Cancellation));
        Assert.Equal((4L, 3L, 2L, 1L), (dry.RowsRead, dry.RowsFilled, dry.KeysReserved, dry.RowsUnreadable));
        Assert.False(dry.Applied || dry.IsComplete);
        MigrationReport applied = await Migrate(tables, apply: true);
        Assert.Equal(dry with { Applied = true, Unreadable = [] }, applied with { Unreadable = [] });
    }

    [Fact]
    public async Task Another_run_finds_nothing_to_do()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        using ECDsa key = IssuedBefore.NewKey();
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
        using ECDsa key = IssuedBefore.NewKey();
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
        using ECDsa first = IssuedBefore.NewKey();
        using ECDsa second = IssuedBefore.NewKey();
        IssuedBefore[] rows = [new("a", 1, first), new("b", 2, second)];
        await tables.PutAsync(rows.Select(row => row.Item(Some.Time.AddDays(-1))), Cancellation);
        await ledger.AddAsync(Some.Addition("forced") with { Key = rows[0].Key }, Cancellation);
        await ledger.AddAsync(Some.Addition("gone") with { Key = rows[1].Key }, Cancellation);
        await tables.Client.DeleteItemAsync(
            tables.Names.Certificates, new() { ["CommonName"] = OriginalRowTests.Text("gone"), ["SerialNumber"] = OriginalRowTests.Text("1") }, Cancellation);

        await Migrate(tables, apply: true);

        Assert.Equal("forced", (await ledger.FindKeyAsync(rows[0].Key, Cancellation))?.Holder.CommonName);
        Assert.Equal("b", (await ledger.FindKeyAsync(rows[1].Key, Cancellation))?.Holder.CommonName);
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_are_named_and_left_alone()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        using ECDsa key = IssuedBefore.NewKey();
        var sound = new IssuedBefore("sound", 1, key);
        Dictionary<string, AttributeValue>[] odd =
        [
            sound.Item(Some.Time, ("CommonName", OriginalRowTests.Text("other serial")), ("SerialNumber", OriginalRowTests.Text("2"))),
            sound.Item(Some.Time, ("CommonName", OriginalRowTests.Text("no serial")), ("SerialNumber", OriginalRowTests.Text("x"))),
            sound.Item(Some.Time, ("CommonName", OriginalRowTests.Text("no time")), ("Expires", OriginalRowTests.Text("never"))),
            sound.Item(Some.Time, ("CommonName", OriginalRowTests.Text("no certificate")), ("Certificate", OriginalRowTests.Text("?"))),
        ];
        await tables.PutAsync([sound.Item(Some.Time), .. odd], Cancellation);

        MigrationReport report = await Migrate(tables, apply: true);

        Assert.Equal((5L, 1L, 4L, false), (report.RowsRead, report.RowsFilled, report.RowsUnreadable, report.IsComplete));
        Assert.Equal(
            ["no certificate: its certificate cannot be read", "no serial: 'x' is not a serial number",
                "no time: Expires: 'never' is not a time of the form yyyy-MM-dd HH:mm:ss", "other serial: its certificate has the serial number 1"],
            report.Unreadable.Select(row => $"{row.CommonName}: {row.Why}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_row_that_was_silenced_or_marked_by_hand_is_put_right()
    {
        using TestTables tables = await TestTables.CreateAsync(Cancellation);
        using ECDsa key = IssuedBefore.NewKey();
        var silenced = new IssuedBefore("silenced", 1, key);
        var marked = new IssuedBefore("marked", 2, key);
        await tables.PutAsync(
            [
                silenced.Item(Some.Time, ("NotifyExpiry", new() { BOOL = false }), ("ReminderDay", OriginalRowTests.Text("2030-01-31"))),
                marked.Item(Some.Time, Notify),
            ],
            Cancellation);
        DynamoDbLedger ledger = tables.Ledger();
        Assert.Empty(await ledger.ListExpiringAsync(Day, Day, Cancellation).ToListAsync(Cancellation));

        Assert.True((await Migrate(tables, apply: true)).IsComplete);

        Assert.Equal("marked", Assert.Single(await ledger.ListExpiringAsync(Day, Day, Cancellation).ToListAsync(Cancellation)).CommonName);
        Assert.DoesNotContain("\"silenced\" ReminderDay", await tables.ContentAsync(Cancellation), StringComparison.Ordinal);
    }

    private static Task<MigrationReport> Migrate(TestTables tables, bool apply) =>
        new MigrateTables(tables.Client, tables.Names).RunAsync(apply, null, Cancellation);
}
