using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>Tests what every ledger does (<see cref="ICertificateLedger"/>). This part finds rows.</summary>
public abstract partial class LedgerContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens a ledger on the test's own store, empty at first. Each call opens it anew, as another process
    /// would.</summary>
    protected abstract Task<ICertificateLedger> OpenAsync();

    [Fact]
    public async Task An_empty_ledger_finds_nothing()
    {
        ICertificateLedger ledger = await OpenAsync();

        Assert.Empty(await ledger.FindByNameAsync("client.example.test", Cancellation));
        Assert.Null(await ledger.FindAsync("client.example.test", SerialNumber.Of(1), Cancellation));
        Assert.Empty(await ledger.FindBySerialAsync(SerialNumber.Of(1), Cancellation));
        Assert.Null(await ledger.FindKeyAsync(Some.Key("any"), Cancellation));
        Assert.Null(await ledger.RecallAsync("token", Some.Time, Cancellation));
        Assert.Empty(await ledger.ListAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await ledger.ListRevokedAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await ledger.ListExpiringAsync(DateOnly.MinValue, DateOnly.MaxValue, Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_row_is_read_back_as_it_was_added_also_by_another_process()
    {
        CertificateRecord record = Some.Record() with
        {
            Revoked = new CertificateRevocation(Some.Time.AddDays(1), RevocationReason.Superseded),
            ExpiryReminders = [Some.Time.AddDays(2), Some.Time.AddDays(3)],
        };
        Assert.Equal(AddOutcome.Added, await (await OpenAsync()).AddAsync(new CertificateAddition(record), Cancellation));

        ICertificateLedger ledger = await OpenAsync();
        Expect.SameRow(record, await ledger.FindAsync(record.CommonName, record.SerialNumber, Cancellation));
        Expect.SameRows([record], await ledger.FindByNameAsync(record.CommonName, Cancellation));
        Expect.SameRows([record], await ledger.ListAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_row_without_anything_optional_is_read_back()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord record = Some.Record() with { NotifyExpiry = null, PublicKeyHash = null, IssuerKeyId = null };
        await ledger.AddAsync(new CertificateAddition(record), Cancellation);

        CertificateRecord? found = await ledger.FindAsync(record.CommonName, record.SerialNumber, Cancellation);

        Expect.SameRow(record, found);
        Assert.False(found!.IsCa);
    }

    [Fact]
    public async Task A_CA_row_is_read_back()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord record = Some.CaRecord();
        await ledger.AddAsync(new CertificateAddition(record) { OnlyIfNameIsNew = true }, Cancellation);

        CertificateRecord? found = await ledger.FindAsync(record.CommonName, record.SerialNumber, Cancellation);

        Expect.SameRow(record, found);
        Assert.True(found!.IsCa);
    }

    [Theory]
    [InlineData("O'Brien; DROP TABLE Certificates; --")]
    [InlineData("100%_[a-z]*?")]
    [InlineData("名前 🔑 ǅ")]
    [InlineData(" spaces at both ends ")]
    [InlineData("\"quoted\" \\ back#slash\ttab")]
    public async Task Any_name_comes_back_and_only_under_itself(string name)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord record = Some.Record(name);
        await ledger.AddAsync(new CertificateAddition(record), Cancellation);

        Expect.SameRows([record], await ledger.FindByNameAsync(name, Cancellation));
        Assert.Empty(await ledger.FindByNameAsync(name.ToUpperInvariant() + "!", Cancellation));
        Assert.Empty(await ledger.FindByNameAsync(name.Trim() + " ", Cancellation));
    }

    [Fact]
    public async Task Names_match_exactly()
    {
        ICertificateLedger ledger = await OpenAsync();
        await ledger.AddAsync(new CertificateAddition(Some.Record("Caf\u00e9")), Cancellation);

        Assert.Single(await ledger.FindByNameAsync("Caf\u00e9", Cancellation));
        Assert.Empty(await ledger.FindByNameAsync("caf\u00e9", Cancellation));
        Assert.Empty(await ledger.FindByNameAsync("Cafe\u0301", Cancellation)); // looks the same, is not
        Assert.Empty(await ledger.FindByNameAsync("Caf", Cancellation));
    }

    [Fact]
    public async Task A_serial_number_of_20_octets_comes_back()
    {
        ICertificateLedger ledger = await OpenAsync();
        var largest = SerialNumber.Of((System.Numerics.BigInteger.One << 159) - 1);
        CertificateRecord record = Some.Record() with { SerialNumber = largest };
        await ledger.AddAsync(new CertificateAddition(record), Cancellation);

        Expect.SameRow(record, await ledger.FindAsync(record.CommonName, largest, Cancellation));
    }

    [Fact]
    public async Task One_name_has_many_rows_and_one_serial_many_names()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord[] rows = [Some.Record("a", 1), Some.Record("a", 2), Some.Record("b", 1)];
        foreach (CertificateRecord row in rows)
        {
            Assert.Equal(AddOutcome.Added, await ledger.AddAsync(new CertificateAddition(row), Cancellation));
        }

        Expect.SameRows(rows[..2], await ledger.FindByNameAsync("a", Cancellation));
        Expect.SameRow(rows[2], await ledger.FindAsync("b", SerialNumber.Of(1), Cancellation));
        Assert.Null(await ledger.FindAsync("b", SerialNumber.Of(2), Cancellation));
    }

    [Fact]
    public async Task Rows_are_found_by_serial_number_under_every_name()
    {
        ICertificateLedger ledger = await OpenAsync();
        var largest = SerialNumber.Of((System.Numerics.BigInteger.One << 159) - 1);
        CertificateRecord ca = Some.CaRecord("ca", 1);
        CertificateRecord[] rows = [Some.Record("a", 1), Some.Record("b", 1), Some.Record("a", 11), Some.Record("c") with { SerialNumber = largest }, ca];
        foreach (CertificateRecord row in rows)
        {
            await AddedAsync(ledger, row);
        }

        Expect.SameRows([rows[0], rows[1], ca], await ledger.FindBySerialAsync(SerialNumber.Of(1), Cancellation));
        Expect.SameRows([rows[2]], await ledger.FindBySerialAsync(SerialNumber.Of(11), Cancellation));
        Expect.SameRows([rows[3]], await ledger.FindBySerialAsync(largest, Cancellation));
        Assert.Empty(await ledger.FindBySerialAsync(SerialNumber.Of(111), Cancellation));
    }

    [Fact]
    public async Task A_row_that_is_found_by_serial_number_is_as_it_is_now()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record());
        var revocation = new CertificateRevocation(Some.Time, RevocationReason.Superseded);
        await ledger.RevokeAsync(Some.Row(row), revocation, Some.Key("its key"), null, Cancellation);

        Expect.SameRows([row with { Revoked = revocation }], await ledger.FindBySerialAsync(row.SerialNumber, Cancellation));
    }

    [Fact]
    public async Task Every_page_is_read()
    {
        // Over 1 MB under one name, a page of DynamoDB; over 1,000 rows, two pages of SQLite's reader.
        ICertificateLedger ledger = await OpenAsync();
        const int Count = 1_010;
        for (int serial = 1; serial <= Count; serial++)
        {
            CertificateRecord row = Some.Record("many", serial) with { CertificatePem = Some.Pem(new string('x', 900)) };
            CertificateRecord revoked = row with { Revoked = new CertificateRevocation(Some.Time) };
            Assert.Equal(AddOutcome.Added, await ledger.AddAsync(new CertificateAddition(revoked), Cancellation));
        }

        var expected = Enumerable.Range(1, Count).Select(serial => SerialNumber.Of(serial)).ToList();
        DateOnly day = DateOnly.FromDateTime(Some.Time.AddDays(30).UtcDateTime);
        Assert.Equal(expected, SerialsOf(await ledger.FindByNameAsync("many", Cancellation)));
        Assert.Equal(expected, SerialsOf(await ledger.ListAsync(Cancellation).ToListAsync(Cancellation)));
        Assert.Equal(expected, SerialsOf(await ledger.ListRevokedAsync(Cancellation).ToListAsync(Cancellation)));
        Assert.Equal(expected, SerialsOf(await ledger.ListExpiringAsync(day, day, Cancellation).ToListAsync(Cancellation)));
        List<CertificateLine> lines = await ledger.ListByExpiryAsync(Some.Time, Some.Time.AddDays(30), Cancellation).ToListAsync(Cancellation);
        Assert.Equal(expected, lines.Select(line => line.SerialNumber).Order());
    }

    [Fact]
    public async Task Expiring_rows_are_those_to_be_reminded_of_within_the_days()
    {
        ICertificateLedger ledger = await OpenAsync();
        DateTimeOffset day = new(2030, 6, 15, 0, 0, 0, TimeSpan.Zero);
        DateTimeOffset[] times = [day.AddSeconds(-1), day, day.AddHours(12), day.AddDays(2).AddSeconds(-1), day.AddDays(2)];
        for (int index = 0; index < times.Length; index++)
        {
            await AddExpiringAsync(ledger, Some.Record($"row-{index}") with { Expires = times[index] });
        }

        await AddExpiringAsync(ledger, Some.Record("silent") with { Expires = day, NotifyExpiry = false });
        await AddExpiringAsync(ledger, Some.Record("old") with { Expires = day, NotifyExpiry = null });
        await AddExpiringAsync(ledger, Some.CaRecord() with { Expires = day });

        List<CertificateRecord> found = await ledger.ListExpiringAsync(new(2030, 6, 15), new(2030, 6, 16), Cancellation)
            .ToListAsync(Cancellation);

        Assert.Equal(["row-1", "row-2", "row-3"], found.Select(row => row.CommonName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_cancelled_call_stops()
    {
        ICertificateLedger ledger = await OpenAsync();
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ledger.AddAsync(Some.Addition(), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ledger.FindByNameAsync("a", cancelled));

        Assert.Empty(await ledger.ListAsync(Cancellation).ToListAsync(Cancellation));
    }

    private static Task<AddOutcome> AddExpiringAsync(ICertificateLedger ledger, CertificateRecord row) =>
        ledger.AddAsync(new CertificateAddition(row), Cancellation);

    private static IEnumerable<SerialNumber> SerialsOf(IEnumerable<CertificateRecord> rows) =>
        rows.Select(row => row.SerialNumber).Order();
}
