using ServerlessCA.Core.Ports;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>This part tests marks and once-only issues.</summary>
public abstract partial class LedgerContract
{
    [Fact]
    public async Task A_mark_that_was_never_set_is_not_found() =>
        Assert.Null(await (await OpenAsync()).FindMarkAsync("expiry", Cancellation));

    [Fact]
    public async Task The_last_mark_counts_and_marks_do_not_touch_each_other()
    {
        ICertificateLedger ledger = await OpenAsync();
        await ledger.SetMarkAsync("expiry", Some.Time, Cancellation);
        await ledger.SetMarkAsync("other", Some.Time.AddDays(9), Cancellation);
        await ledger.SetMarkAsync("expiry", Some.Time.AddDays(1), Cancellation);

        ICertificateLedger anew = await OpenAsync();
        Assert.Equal(Some.Time.AddDays(1), await anew.FindMarkAsync("expiry", Cancellation));
        Assert.Equal(Some.Time.AddDays(9), await anew.FindMarkAsync("other", Cancellation));
    }

    [Fact]
    public async Task Reserved_keys_name_their_rows_once_each()
    {
        ICertificateLedger ledger = await OpenAsync();
        await ledger.AddAsync(Some.Addition("one.example.test", 1), Cancellation);
        await ledger.AddAsync(Some.Addition("two.example.test", 2) with { Token = Some.Claim(), OnceId = "once" }, Cancellation);
        await ledger.AddAsync(new CertificateAddition(Some.CaRecord()), Cancellation);

        List<RowId> reserved = await ledger.ListReservedAsync(Cancellation).ToListAsync(Cancellation);

        Assert.Equal(["one.example.test", "two.example.test"], reserved.Select(row => row.CommonName).Order());
    }

    [Fact]
    public async Task Every_reservation_names_a_row_exactly_as_the_list_of_all_rows_has_it()
    {
        ICertificateLedger ledger = await OpenAsync();
        foreach (string name in (string[])["a", "A", "Caf\u00e9", "Cafe\u0301", "with/slash#and space", new string('x', 64)])
        {
            Assert.Equal(AddOutcome.Added, await ledger.AddAsync(Some.Addition(name, name.Length), Cancellation));
        }

        HashSet<RowId> rows = await ledger.ListAsync(Cancellation).Select(RowId.Of).ToHashSetAsync(cancellationToken: Cancellation);
        List<RowId> reserved = await ledger.ListReservedAsync(Cancellation).ToListAsync(Cancellation);

        Assert.Equal(6, reserved.Count);
        Assert.Empty(reserved.Except(rows));
    }

    [Fact]
    public async Task What_happened_once_is_known_and_a_refused_addition_did_not_happen()
    {
        ICertificateLedger ledger = await OpenAsync();
        Assert.False(await ledger.HappenedAsync("forced-1", Cancellation));

        CertificateAddition first = Some.Addition() with { OnceId = "forced-1" };
        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(first, Cancellation));
        Assert.True(await ledger.HappenedAsync("forced-1", Cancellation));

        CertificateAddition refused = Some.Addition("other.example.test", 2) with { Key = first.Key, OnceId = "forced-2" };
        Assert.Equal(AddOutcome.KeyUsed, await ledger.AddAsync(refused, Cancellation));
        Assert.False(await ledger.HappenedAsync("forced-2", Cancellation));
    }
}
