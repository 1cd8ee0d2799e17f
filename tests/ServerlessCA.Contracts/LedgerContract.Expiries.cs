using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Contracts;

// Lists by expiry, of rows of all kinds, without their certificates.
public abstract partial class LedgerContract
{
    [Fact]
    public async Task An_empty_ledger_knows_the_expiry_of_none_once_its_first_CA_is_added_of_every_row()
    {
        ICertificateLedger ledger = await OpenAsync();
        Assert.Empty(await ledger.ListByExpiryAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Cancellation).ToListAsync(Cancellation));

        await ledger.AddAsync(new CertificateAddition(Some.CaRecord()) { OnlyIfNameIsNew = true }, Cancellation);
        await ledger.AddAsync(new CertificateAddition(Some.CaRecord("serverless-issuing-ca-dev", 2)) { OnlyIfNameIsNew = true }, Cancellation);

        Assert.True(await ledger.HasAllExpiriesAsync(Cancellation));
        Assert.Equal(2, await ledger.ListByExpiryAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task Rows_of_all_kinds_are_listed_by_expiry_both_ends_of_the_range_included()
    {
        ICertificateLedger ledger = await OpenAsync();
        DateTimeOffset from = new(2030, 12, 15, 12, 0, 0, TimeSpan.Zero);
        DateTimeOffset until = new(2031, 2, 3, 4, 5, 6, TimeSpan.Zero);
        DateTimeOffset[] times = [from.AddSeconds(-1), from, new(2030, 12, 31, 23, 59, 59, TimeSpan.Zero), new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero), until, until.AddSeconds(1)];
        for (int place = 0; place < times.Length; place++)
        {
            await AddExpiringAsync(ledger, Some.Record($"row-{place}", place + 1) with { Expires = times[place] });
        }

        await AddExpiringAsync(ledger, Some.Record("silent", 10) with { Expires = from, NotifyExpiry = false });
        await AddExpiringAsync(ledger, Some.Record("old", 11) with { Expires = from, NotifyExpiry = null });
        await AddExpiringAsync(ledger, Some.CaRecord(serial: 12) with { Expires = until });

        async Task<IEnumerable<string>> Names(DateTimeOffset first, DateTimeOffset last) =>
            (await ledger.ListByExpiryAsync(first, last, Cancellation).ToListAsync(Cancellation)).Select(line => line.CommonName).Order(StringComparer.Ordinal);

        Assert.Equal(["old", "row-1", "row-2", "row-3", "row-4", "serverless-root-ca-dev", "silent"], await Names(from, until));
        Assert.Equal(["row-3"], await Names(new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2031, 1, 31, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(["row-4", "row-5", "serverless-root-ca-dev"], await Names(until, DateTimeOffset.MaxValue));
        Assert.Equal(["old", "row-0", "row-1", "silent"], await Names(DateTimeOffset.MinValue, from));
        Assert.Empty(await Names(until, from));
        Assert.Equal(9, (await Names(from.AddYears(-4), until.AddYears(4))).Count());
    }

    [Fact]
    public async Task A_line_says_what_its_row_says()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord[] rows =
        [
            await AddedAsync(ledger, Some.Record("entry", 1) with { Source = IssueSource.GitOps }),
            await AddedAsync(ledger, Some.Record("request", 2) with { Source = IssueSource.Direct, NotifyExpiry = false }),
            await AddedAsync(ledger, Some.Record("old", 3) with { NotifyExpiry = null, PublicKeyHash = null, IssuerKeyId = null }),
            await AddedAsync(ledger, Some.CaRecord(serial: 4) with { IssuerKeyId = null, PublicKeyHash = null }),
        ];
        var revocation = new CertificateRevocation(Some.Time.AddDays(1), RevocationReason.KeyCompromise);
        await ledger.RevokeAsync(Some.Row(rows[1]), revocation, Some.Key("its key"), null, Cancellation);
        await ledger.NextCrlNumberAsync(Some.Row(rows[3]), 7, Cancellation);

        List<CertificateLine> lines = await ledger.ListByExpiryAsync(rows[0].Expires, rows[0].Expires, Cancellation).ToListAsync(Cancellation);

        rows[1] = rows[1] with { Revoked = revocation };
        Assert.Equal(rows.Select(CertificateLine.Of), lines.OrderBy(line => line.SerialNumber));
        Expect.SameRows(rows[..3], (await ledger.ListAsync(Cancellation).ToListAsync(Cancellation)).Where(row => !row.IsCa));
    }
}
