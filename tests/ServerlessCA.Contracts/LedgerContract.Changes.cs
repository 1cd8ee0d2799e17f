using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>This part tests revocations, reminders and CRL numbers.</summary>
public abstract partial class LedgerContract
{
    [Theory]
    [InlineData(RevocationReason.Unspecified)]
    [InlineData(RevocationReason.KeyCompromise)]
    [InlineData(RevocationReason.CaCompromise)]
    [InlineData(RevocationReason.AffiliationChanged)]
    [InlineData(RevocationReason.Superseded)]
    [InlineData(RevocationReason.CessationOfOperation)]
    [InlineData(RevocationReason.PrivilegeWithdrawn)]
    public async Task A_revoked_row_has_its_date_and_reason_and_is_listed(RevocationReason reason)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record("revoked"));
        await AddedAsync(ledger, Some.Record("valid"));
        var revocation = new CertificateRevocation(Some.Time.AddDays(1), reason);

        RevokeOutcome outcome = await ledger.RevokeAsync(
            Some.Row(row), revocation, Some.Key("its key"), Some.Event(), Cancellation);

        Assert.Equal(RevokeOutcome.Revoked, outcome);
        CertificateRecord expected = row with { Revoked = revocation };
        Expect.SameRow(expected, await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation));
        Expect.SameRows([expected], await ledger.ListRevokedAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal([Some.Event()], await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_row_that_is_revoked_already_keeps_its_date_and_reason_and_no_event_is_stored()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record());
        var first = new CertificateRevocation(Some.Time, RevocationReason.KeyCompromise);
        await ledger.RevokeAsync(Some.Row(row), first, Some.Key("its key"), null, Cancellation);

        RevokeOutcome again = await ledger.RevokeAsync(
            Some.Row(row), new CertificateRevocation(Some.Time.AddDays(1)), Some.Key("its key"), Some.Event(), Cancellation);

        Assert.Equal(RevokeOutcome.RevokedBefore, again);
        Assert.Equal(first, (await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation))?.Revoked);
        Assert.Empty(await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_row_that_is_not_there_is_not_revoked()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record());

        RevokeOutcome otherSerial = await ledger.RevokeAsync(
            Some.Row(row) with { SerialNumber = SerialNumber.Of(99) }, new CertificateRevocation(Some.Time), Some.Key("its key"), Some.Event(), Cancellation);
        RevokeOutcome otherName = await ledger.RevokeAsync(
            Some.Row(row) with { CommonName = "other" }, new CertificateRevocation(Some.Time), Some.Key("its key"), Some.Event(), Cancellation);

        Assert.Equal([RevokeOutcome.NotFound, RevokeOutcome.NotFound], [otherSerial, otherName]);
        Assert.Null(await ledger.FindKeyAsync(Some.Key("its key"), Cancellation));
        Expect.SameRows([row], await ledger.ListAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Fact]
    public async Task Reminders_are_noted_in_order()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record());
        var id = new RowId(row.CommonName, row.SerialNumber);
        DateTimeOffset[] times = [Some.Time.AddDays(1), Some.Time.AddDays(2)];

        Assert.True(await ledger.AddReminderAsync(id, times[0], 0, Some.Event("first"), Cancellation));
        Assert.True(await ledger.AddReminderAsync(id, times[1], 1, Some.Event("second"), Cancellation));

        Expect.SameRow(
            row with { ExpiryReminders = times }, await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation));
        Assert.Equal(["first", "second"], (await ledger.ReadOutboxAsync(10, Cancellation)).Select(sent => sent.Id));
    }

    [Fact]
    public async Task A_reminder_that_another_run_sent_is_not_sent_again()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record());
        var id = new RowId(row.CommonName, row.SerialNumber);
        await ledger.AddReminderAsync(id, Some.Time, 0, Some.Event("first"), Cancellation);

        Assert.False(await ledger.AddReminderAsync(id, Some.Time, 0, Some.Event("second"), Cancellation));
        Assert.False(await ledger.AddReminderAsync(id, Some.Time, 2, Some.Event("third"), Cancellation));
        Assert.False(await ledger.AddReminderAsync(id with { CommonName = "x" }, Some.Time, 0, Some.Event("none"), Cancellation));

        Assert.Single((await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation))!.ExpiryReminders);
        Assert.Single(await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Fact]
    public async Task Of_concurrent_reminders_exactly_one_goes_out()
    {
        ICertificateLedger[] ledgers = [await OpenAsync(), await OpenAsync()];
        CertificateRecord row = await AddedAsync(ledgers[0], Some.Record());
        var id = new RowId(row.CommonName, row.SerialNumber);

        bool[] given = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(
            () => ledgers[index % 2].AddReminderAsync(id, Some.Time, 0, Some.Event($"event-{index}"), Cancellation), Cancellation)));

        Assert.Single(given, one => one);
        Assert.Single(await ledgers[0].ReadOutboxAsync(20, Cancellation));
    }

    [Fact]
    public async Task CRL_numbers_count_up_from_1_and_never_fall()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.CaRecord());
        var ca = new RowId(row.CommonName, row.SerialNumber);

        Assert.Equal(1, await ledger.NextCrlNumberAsync(ca, 0, Cancellation));
        Assert.Equal(2, await ledger.NextCrlNumberAsync(ca, 1, Cancellation));
        Assert.Equal(10, await ledger.NextCrlNumberAsync(ca, 10, Cancellation));
        Assert.Equal(11, await ledger.NextCrlNumberAsync(ca, 5, Cancellation));
        Assert.Equal(11, (await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation))?.CrlNumber);
    }

    [Fact]
    public async Task Only_CAs_have_CRL_numbers()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record());

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => ledger.NextCrlNumberAsync(new RowId("nobody", SerialNumber.Of(1)), 0, Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => ledger.NextCrlNumberAsync(new RowId(row.CommonName, row.SerialNumber), 0, Cancellation));

        Expect.SameRow(row, await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation));
    }

    [Fact]
    public async Task Concurrent_CRL_numbers_do_not_repeat()
    {
        ICertificateLedger[] ledgers = [await OpenAsync(), await OpenAsync()];
        CertificateRecord row = await AddedAsync(ledgers[0], Some.CaRecord());
        var ca = new RowId(row.CommonName, row.SerialNumber);

        long[] numbers = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => Task.Run(
            () => ledgers[index % 2].NextCrlNumberAsync(ca, 0, Cancellation), Cancellation)));

        Assert.Equal(Enumerable.Range(1, 40).Select(number => (long)number), numbers.Order());
    }

    private static async Task<CertificateRecord> AddedAsync(ICertificateLedger ledger, CertificateRecord record)
    {
        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(new CertificateAddition(record), Cancellation));
        return record;
    }
}
