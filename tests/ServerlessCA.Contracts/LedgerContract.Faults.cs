using ServerlessCA.Contracts.Faults;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>This part lets every write fail, lost or stored though reported lost, and repeats it.</summary>
public abstract partial class LedgerContract
{
    /// <summary>Lists how a write may fail.</summary>
    public static TheoryData<Fault> WriteFaults => new(Fault.WriteLost, Fault.WriteDoneButReportedLost);

    [Theory]
    [MemberData(nameof(WriteFaults))]
    public async Task An_addition_that_failed_is_repeated_safely(Fault fault)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition addition = Some.Addition() with { Token = Some.Claim(), OnceId = "once", Event = Some.Event() };

        AddOutcome second = await RepeatedAsync(fault, ledger, faulty => faulty.AddAsync(addition, Cancellation));

        Assert.Equal(AddOutcome.Added, second);
        Expect.SameRows([addition.Record], await ledger.ListAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal([Some.Event()], await ledger.ReadOutboxAsync(10, Cancellation));
        Assert.NotNull(await ledger.RecallAsync("token", Some.Time, Cancellation));
    }

    [Theory]
    [MemberData(nameof(WriteFaults))]
    public async Task A_revocation_that_failed_is_repeated_safely(Fault fault)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record());
        var revocation = new CertificateRevocation(Some.Time, RevocationReason.Superseded);

        RevokeOutcome second = await RepeatedAsync(fault, ledger, faulty => faulty.RevokeAsync(
            Some.Row(row), revocation, Some.Key("its key"), Some.Event(), Cancellation));

        Assert.Equal(fault == Fault.WriteLost ? RevokeOutcome.Revoked : RevokeOutcome.RevokedBefore, second);
        Assert.Equal(new KeyReservation(Some.Row(row), HolderRevoked: true, Compromised: false), await FindKeyAsync(Some.Key("its key")));
        Assert.Equal(revocation, (await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation))?.Revoked);
        Assert.Equal([Some.Event()], await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Theory]
    [MemberData(nameof(WriteFaults))]
    public async Task A_graver_reason_that_failed_is_repeated_safely(Fault fault)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record());
        await ledger.RevokeAsync(Some.Row(row), Superseded, Some.Key("its key"), null, Cancellation);

        RevokeOutcome second = await RepeatedAsync(fault, ledger, faulty => faulty.RevokeAsync(
            Some.Row(row), Compromise, Some.Key("its key"), Some.Event(), Cancellation));

        Assert.Equal(fault == Fault.WriteLost ? RevokeOutcome.ReasonReplaced : RevokeOutcome.RevokedBefore, second);
        Assert.Equal(Compromise, (await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation))?.Revoked);
        Assert.True((await FindKeyAsync(Some.Key("its key")))?.Compromised);
    }

    [Theory]
    [MemberData(nameof(WriteFaults))]
    public async Task A_key_that_is_taken_over_by_an_addition_that_failed_is_repeated_safely(Fault fault)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition first = await AddedAsync(ledger, Some.Addition("first"));
        CertificateAddition second = Some.Addition("second") with { Key = first.Key, TakeOverFrom = Some.Row(first.Record) };

        Assert.Equal(AddOutcome.Added, await RepeatedAsync(fault, ledger, faulty => faulty.AddAsync(second, Cancellation)));

        Assert.Equal(Some.Row(second.Record), (await FindKeyAsync(first.Key))?.Holder);
        Assert.Equal(2, await ledger.ListAsync(Cancellation).CountAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(WriteFaults))]
    public async Task A_reminder_that_failed_is_repeated_safely(Fault fault)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record());

        bool second = await RepeatedAsync(fault, ledger, faulty => faulty.AddReminderAsync(
            new RowId(row.CommonName, row.SerialNumber), Some.Time, 0, Some.Event(), Cancellation));

        Assert.Equal(fault == Fault.WriteLost, second);
        Assert.Single((await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation))!.ExpiryReminders);
        Assert.Equal([Some.Event()], await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Theory]
    [MemberData(nameof(WriteFaults))]
    public async Task A_CRL_number_whose_answer_was_lost_is_never_given_again(Fault fault)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.CaRecord());

        long second = await RepeatedAsync(fault, ledger, faulty => faulty.NextCrlNumberAsync(
            new RowId(row.CommonName, row.SerialNumber), 0, Cancellation));

        Assert.Equal(fault == Fault.WriteLost ? 1 : 2, second);
    }

    [Theory]
    [MemberData(nameof(WriteFaults))]
    public async Task An_event_whose_storing_or_removal_failed_is_delivered_at_least_once(Fault fault)
    {
        ICertificateLedger ledger = await OpenAsync();

        await RepeatedAsync(fault, ledger, faulty => faulty.AddToOutboxAsync(Some.Event(), onceOnly: true, Cancellation));
        Notification stored = Assert.Single(await ledger.ReadOutboxAsync(10, Cancellation));

        await RepeatedAsync(fault, ledger, async faulty =>
        {
            await faulty.RemoveFromOutboxAsync(stored.Id, Cancellation);
            return true;
        });
        Assert.Empty(await ledger.ReadOutboxAsync(10, Cancellation));
        Assert.False(await ledger.AddToOutboxAsync(Some.Event(), onceOnly: true, Cancellation));
    }

    private static async Task<T> RepeatedAsync<T>(Fault fault, ICertificateLedger ledger, Func<ICertificateLedger, Task<T>> write)
    {
        var faulty = new FaultyLedger(ledger, new FaultPlan(fault, nth: 1));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => write(faulty));
        return await write(faulty);
    }
}
