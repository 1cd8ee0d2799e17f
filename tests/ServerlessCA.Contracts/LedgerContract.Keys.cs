using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>This part tests reservations of keys, and what they remember (contract 12.20, 12.23, 12.27).</summary>
public abstract partial class LedgerContract
{
    private static readonly CertificateRevocation Compromise = new(Some.Time, RevocationReason.KeyCompromise);
    private static readonly CertificateRevocation Superseded = new(Some.Time, RevocationReason.Superseded);

    /// <summary>Lists why certificates are revoked, and whether their key then counts as compromised.</summary>
    public static TheoryData<RevocationReason, bool> Reasons
    {
        get
        {
            var reasons = new TheoryData<RevocationReason, bool>();
            foreach (RevocationReason reason in Enum.GetValues<RevocationReason>())
            {
                reasons.Add(reason, reason is RevocationReason.KeyCompromise or RevocationReason.CaCompromise);
            }

            return reasons;
        }
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_reservation_remembers_the_revocation_of_its_holder_and_a_compromise(RevocationReason reason, bool compromised)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition addition = await AddedAsync(ledger, Some.Addition());

        await ledger.RevokeAsync(Some.Row(addition.Record), new(Some.Time, reason), addition.Key, null, Cancellation);

        Assert.Equal(new KeyReservation(Some.Row(addition.Record), HolderRevoked: true, compromised), await FindKeyAsync(addition.Key));
    }

    [Fact]
    public async Task A_key_without_a_reservation_gets_one_from_the_revoked_row()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record());

        await ledger.RevokeAsync(Some.Row(row), Superseded, Some.RsaKey("n", "e"), null, Cancellation);

        Assert.Equal(new KeyReservation(Some.Row(row), HolderRevoked: true, Compromised: false), await FindKeyAsync(Some.RsaKey("n", "e")));
        Assert.Equal(AddOutcome.KeyUsed, await ledger.AddAsync(Some.Addition("other") with { Key = Some.RsaKey("n", "e") }, Cancellation));
        Assert.Contains(Some.Row(row), await ledger.ListReservedAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Another_row_with_the_key_makes_it_compromised_but_not_its_holder_revoked()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition first = await AddedAsync(ledger, Some.Addition("first"));
        CertificateAddition forced = await AddedAsync(ledger, Some.Addition("forced") with { Key = first.Key, AllowUsedKey = true });

        await ledger.RevokeAsync(Some.Row(first.Record), Superseded, first.Key, null, Cancellation);
        KeyReservation? superseded = await FindKeyAsync(first.Key);
        await ledger.RevokeAsync(Some.Row(first.Record), Compromise, first.Key, null, Cancellation);

        Assert.Equal(new KeyReservation(Some.Row(forced.Record), HolderRevoked: false, Compromised: false), superseded);
        Assert.Equal(new KeyReservation(Some.Row(forced.Record), HolderRevoked: false, Compromised: true), await FindKeyAsync(first.Key));
    }

    [Theory]
    [InlineData(RevocationReason.Unspecified, RevocationReason.Superseded)]
    [InlineData(RevocationReason.Unspecified, RevocationReason.CaCompromise)]
    [InlineData(RevocationReason.Superseded, RevocationReason.KeyCompromise)]
    public async Task A_graver_reason_replaces_the_old_one_and_the_date_stays(RevocationReason first, RevocationReason graver)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition addition = await AddedAsync(ledger, Some.Addition());
        RowId row = Some.Row(addition.Record);
        await ledger.RevokeAsync(row, new(Some.Time, first), addition.Key, null, Cancellation);

        RevokeOutcome again = await ledger.RevokeAsync(row, new(Some.Time.AddDays(1), graver), addition.Key, Some.Event(), Cancellation);

        Assert.Equal(RevokeOutcome.ReasonReplaced, again);
        Assert.Equal(new(Some.Time, graver), (await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation))?.Revoked);
        Assert.Equal(graver != RevocationReason.Superseded, (await FindKeyAsync(addition.Key))?.Compromised);
        Assert.Empty(await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Theory]
    [InlineData(RevocationReason.KeyCompromise, RevocationReason.CaCompromise)]
    [InlineData(RevocationReason.CaCompromise, RevocationReason.Unspecified)]
    [InlineData(RevocationReason.Superseded, RevocationReason.CessationOfOperation)]
    [InlineData(RevocationReason.Unspecified, RevocationReason.Unspecified)]
    public async Task A_reason_that_is_no_graver_changes_nothing(RevocationReason first, RevocationReason later)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition addition = await AddedAsync(ledger, Some.Addition());
        RowId row = Some.Row(addition.Record);
        await ledger.RevokeAsync(row, new(Some.Time, first), addition.Key, null, Cancellation);
        KeyReservation? before = await FindKeyAsync(addition.Key);

        RevokeOutcome again = await ledger.RevokeAsync(row, new(Some.Time.AddDays(1), later), addition.Key, Some.Event(), Cancellation);

        Assert.Equal(RevokeOutcome.RevokedBefore, again);
        Assert.Equal(new(Some.Time, first), (await ledger.FindAsync(row.CommonName, row.SerialNumber, Cancellation))?.Revoked);
        Assert.Equal(before, await FindKeyAsync(addition.Key));
        Assert.Empty(await ledger.ReadOutboxAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_row_that_was_revoked_before_anything_remembered_it_is_remembered_when_it_is_revoked_again()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = await AddedAsync(ledger, Some.Record() with { Revoked = Compromise });

        Assert.Equal(RevokeOutcome.RevokedBefore, await ledger.RevokeAsync(Some.Row(row), Superseded, Some.Key("k"), null, Cancellation));

        Assert.Equal(new KeyReservation(Some.Row(row), HolderRevoked: true, Compromised: true), await FindKeyAsync(Some.Key("k")));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_compromised_key_is_never_taken_over(bool allowUsedKey, bool takeOver)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition first = await AddedAsync(ledger, Some.Addition("first"));
        await ledger.RevokeAsync(Some.Row(first.Record), Compromise, first.Key, null, Cancellation);

        AddOutcome outcome = await ledger.AddAsync(
            Some.Addition("second") with
            {
                Key = first.Key,
                AllowUsedKey = allowUsedKey,
                TakeOverFrom = takeOver ? Some.Row(first.Record) : null,
                Event = Some.Event(),
            },
            Cancellation);

        Assert.Equal(AddOutcome.KeyCompromised, outcome);
        Assert.Empty(await ledger.FindByNameAsync("second", Cancellation));
        Assert.Empty(await ledger.ReadOutboxAsync(10, Cancellation));
        Assert.Equal(new KeyReservation(Some.Row(first.Record), HolderRevoked: true, Compromised: true), await FindKeyAsync(first.Key));
    }

    [Fact]
    public async Task A_key_is_taken_over_from_the_holder_that_was_named_and_its_revocation_is_the_old_holders()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition first = await AddedAsync(ledger, Some.Addition("first"));
        await ledger.RevokeAsync(Some.Row(first.Record), Superseded, first.Key, null, Cancellation);

        CertificateAddition second = await AddedAsync(ledger, Some.Addition("second") with { Key = first.Key, TakeOverFrom = Some.Row(first.Record) });

        Assert.Equal(new KeyReservation(Some.Row(second.Record), HolderRevoked: false, Compromised: false), await FindKeyAsync(first.Key));
    }

    [Fact]
    public async Task A_key_that_another_row_holds_or_none_is_not_taken_over()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition first = await AddedAsync(ledger, Some.Addition("first"));
        var nobody = new RowId("first", SerialNumber.Of(99));

        AddOutcome held = await ledger.AddAsync(Some.Addition("second") with { Key = first.Key, TakeOverFrom = nobody }, Cancellation);
        AddOutcome free = await ledger.AddAsync(Some.Addition("third") with { TakeOverFrom = nobody }, Cancellation);

        Assert.Equal([AddOutcome.KeyUsed, AddOutcome.KeyUsed], [held, free]);
        Assert.Single(await ledger.ListAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal(Some.Row(first.Record), (await FindKeyAsync(first.Key))?.Holder);
        Assert.Null(await FindKeyAsync(Some.Addition("third").Key));
    }

    [Fact]
    public async Task Of_two_that_take_a_key_over_at_once_one_is_stored()
    {
        ICertificateLedger[] ledgers = [await OpenAsync(), await OpenAsync()];
        CertificateAddition first = await AddedAsync(ledgers[0], Some.Addition("first"));

        AddOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(
            () => ledgers[index % 2].AddAsync(
                Some.Addition($"name-{index}") with { Key = first.Key, TakeOverFrom = Some.Row(first.Record) }, Cancellation),
            Cancellation)));

        Assert.Single(outcomes, outcome => outcome == AddOutcome.Added);
        Assert.Equal(7, outcomes.Count(outcome => outcome == AddOutcome.KeyUsed));
        Assert.Equal(2, await ledgers[1].ListAsync(Cancellation).CountAsync(Cancellation));
    }

    [Fact]
    public async Task Two_RSA_keys_with_one_modulus_are_one_key_whatever_their_exponents()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateAddition first = await AddedAsync(ledger, Some.Addition("first") with { Key = Some.RsaKey("n", "65537") });

        Assert.Equal(Some.Row(first.Record), (await FindKeyAsync(Some.RsaKey("n", "65539")))?.Holder);
        Assert.Equal(AddOutcome.KeyUsed, await ledger.AddAsync(Some.Addition("second") with { Key = Some.RsaKey("n", "65539") }, Cancellation));
        await ledger.RevokeAsync(Some.Row(first.Record), Compromise, first.Key, null, Cancellation);
        Assert.Equal(AddOutcome.KeyCompromised, await ledger.AddAsync(
            Some.Addition("third") with { Key = Some.RsaKey("n", "65541"), AllowUsedKey = true }, Cancellation));
        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(Some.Addition("fourth") with { Key = Some.RsaKey("m", "65537") }, Cancellation));
    }

    [Fact]
    public async Task A_reservation_under_the_former_hash_still_counts()
    {
        ICertificateLedger ledger = await OpenAsync();
        ReservedKey key = Some.RsaKey("n", "e");
        CertificateAddition former = await AddedAsync(ledger, Some.Addition("former") with { Key = new(key.Former!.Value, null) });
        CertificateAddition again = Some.Addition("again") with { Key = key };

        Assert.Equal(Some.Row(former.Record), (await FindKeyAsync(key))?.Holder);
        Assert.Equal(AddOutcome.KeyUsed, await ledger.AddAsync(again, Cancellation));
        Assert.Equal(AddOutcome.KeyUsed, await ledger.AddAsync(again with { TakeOverFrom = Some.Row(again.Record) }, Cancellation));
        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(again with { TakeOverFrom = Some.Row(former.Record) }, Cancellation));
        Assert.Equal(Some.Row(again.Record), (await FindKeyAsync(key))?.Holder);
        Assert.Equal(AddOutcome.KeyUsed, await ledger.AddAsync(
            Some.Addition("late") with { Key = key, TakeOverFrom = Some.Row(former.Record) }, Cancellation));
    }

    [Fact]
    public async Task A_reservation_under_the_former_hash_is_forced_once_and_then_stands_under_the_modulus()
    {
        ICertificateLedger ledger = await OpenAsync();
        ReservedKey key = Some.RsaKey("n", "e");
        await AddedAsync(ledger, Some.Addition("former") with { Key = new(key.Former!.Value, null) });

        CertificateAddition forced = await AddedAsync(ledger, Some.Addition("forced") with { Key = key, AllowUsedKey = true });
        await AddedAsync(ledger, Some.Addition("forced again") with { Key = key, AllowUsedKey = true });

        Assert.Equal("forced again", (await FindKeyAsync(Some.RsaKey("n", "another")))?.Holder.CommonName);
        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(forced, Cancellation)); // its repeat
    }

    [Fact]
    public async Task A_revocation_moves_what_the_former_hash_remembered_under_the_modulus()
    {
        ICertificateLedger ledger = await OpenAsync();
        ReservedKey key = Some.RsaKey("n", "e");
        CertificateAddition former = await AddedAsync(ledger, Some.Addition("former") with { Key = new(key.Former!.Value, null) });
        CertificateRecord original = await AddedAsync(ledger, Some.Record("original"));

        await ledger.RevokeAsync(Some.Row(original), Compromise, key, null, Cancellation);

        Assert.Equal(
            new KeyReservation(Some.Row(former.Record), HolderRevoked: false, Compromised: true), await FindKeyAsync(Some.RsaKey("n", "another")));
        Assert.Equal(AddOutcome.KeyCompromised, await ledger.AddAsync(Some.Addition("x") with { Key = key, AllowUsedKey = true }, Cancellation));
    }

    [Fact]
    public async Task Of_concurrent_revocations_the_gravest_reason_stays_and_one_notifies()
    {
        ICertificateLedger[] ledgers = [await OpenAsync(), await OpenAsync()];
        CertificateAddition addition = await AddedAsync(ledgers[0], Some.Addition());
        RevocationReason[] reasons = [RevocationReason.Unspecified, RevocationReason.Superseded, RevocationReason.KeyCompromise, RevocationReason.PrivilegeWithdrawn];

        RevokeOutcome[] outcomes = await Task.WhenAll(reasons.Select((reason, place) => Task.Run(
            () => ledgers[place % 2].RevokeAsync(
                Some.Row(addition.Record), new(Some.Time, reason), addition.Key, Some.Event($"event-{place}"), Cancellation),
            Cancellation)));

        Assert.Single(outcomes, outcome => outcome == RevokeOutcome.Revoked);
        CertificateRecord row = Assert.Single(await ledgers[1].ListAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal(RevocationReason.KeyCompromise, row.Revoked?.Reason);
        Assert.True((await FindKeyAsync(addition.Key))?.Compromised);
        Assert.Single(await ledgers[0].ReadOutboxAsync(10, Cancellation));
    }

    private static async Task<CertificateAddition> AddedAsync(ICertificateLedger ledger, CertificateAddition addition)
    {
        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(addition, Cancellation));
        return addition;
    }

    private async Task<KeyReservation?> FindKeyAsync(ReservedKey? key) => await (await OpenAsync()).FindKeyAsync(key!.Value, Cancellation);
}
