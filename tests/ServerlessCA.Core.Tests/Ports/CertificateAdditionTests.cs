using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Ports;

/// <summary>Tests what every ledger answers to an addition, decided from the stored facts.</summary>
public sealed class AdditionVerdictTests
{
    private static readonly CertificateAddition Whole = Some.Addition() with
    {
        Token = Some.Claim(), OnceId = "once", OnlyIfNameIsNew = true,
    };

    private static readonly RowId Other = new("other.example.test", SerialNumber.Of(7));

    private static readonly CertificateRecord SameSerial = Whole.Record with { CertificatePem = Some.Pem("another") };

    private static readonly AdditionFacts Nothing = new(
        Stored: null, Reservation: null, TokenUsed: false, HappenedBefore: false, NameTaken: false);

    private static readonly AdditionFacts Everything = new(
        SameSerial, KeyReservation.HeldBy(Other), TokenUsed: true, HappenedBefore: true, NameTaken: true);

    [Fact]
    public void What_collides_with_nothing_is_to_be_stored() => Assert.Null(Whole.Judge(Nothing));

    [Fact]
    public void Of_several_refusals_the_token_comes_first_then_once_only_then_key_name_and_serial_number()
    {
        AdditionFacts found = Everything;
        var answers = new List<AddOutcome?> { Whole.Judge(found) };
        foreach (Func<AdditionFacts, AdditionFacts> without in (Func<AdditionFacts, AdditionFacts>[])[
            facts => facts with { TokenUsed = false },
            facts => facts with { HappenedBefore = false },
            facts => facts with { Reservation = null },
            facts => facts with { NameTaken = false },
            facts => facts with { Stored = null }])
        {
            found = without(found);
            answers.Add(Whole.Judge(found));
        }

        Assert.Equal(
            [AddOutcome.TokenUsed, AddOutcome.OnceOnly, AddOutcome.KeyUsed, AddOutcome.NameTaken, AddOutcome.SerialTaken, null], answers);
    }

    [Fact]
    public void What_the_addition_does_not_ask_for_does_not_refuse_it() =>
        Assert.Null(new CertificateAddition(Whole.Record).Judge(Everything with { Stored = null }));

    [Fact]
    public void The_same_write_arriving_twice_is_added_whatever_else_is_there_and_whatever_became_of_the_row()
    {
        CertificateRecord stored = Whole.Record with
        {
            Revoked = new CertificateRevocation(Some.Time.AddDays(1)),
            ExpiryReminders = [Some.Time.AddDays(2)],
        };

        Assert.Equal(AddOutcome.Added, Whole.Judge(Everything with { Stored = stored }));
        Assert.True(Whole.IsRepeatOf(stored));
    }

    [Fact]
    public void Fractions_of_a_second_which_no_ledger_stores_make_no_other_write()
    {
        CertificateRecord requested = Whole.Record with { Issued = Some.Time.AddMilliseconds(900), Expires = Some.Time.AddDays(30).AddMilliseconds(1) };

        Assert.True((Whole with { Record = requested }).IsRepeatOf(Whole.Record));
    }

    [Fact]
    public void Another_certificate_of_the_same_name_and_serial_number_is_no_repetition()
    {
        Assert.False(Whole.IsRepeatOf(SameSerial));
        Assert.False(Whole.IsRepeatOf(Whole.Record with { Issued = Some.Time.AddSeconds(1) }));
        Assert.False(Whole.IsRepeatOf(Whole.Record with { Expires = Some.Time }));
    }

    [Fact]
    public void A_used_key_is_taken_over_only_by_those_who_may_and_a_compromised_one_by_nobody()
    {
        KeyReservation held = KeyReservation.HeldBy(Other);
        CertificateAddition plain = Some.Addition(), forced = plain with { AllowUsedKey = true };
        CertificateAddition successor = plain with { TakeOverFrom = Other }, stranger = plain with { TakeOverFrom = Other with { CommonName = "x" } };

        Assert.Equal([AddOutcome.KeyUsed, null, null, AddOutcome.KeyUsed], All(held));
        Assert.Equal([null, null, AddOutcome.KeyUsed, AddOutcome.KeyUsed], All(null));
        Assert.Equal(Enumerable.Repeat<AddOutcome?>(AddOutcome.KeyCompromised, 4), All(held with { Compromised = true }));
        Assert.Equal(
            [KeyTakeOver.Never, KeyTakeOver.FromAnybody, KeyTakeOver.FromHolder, KeyTakeOver.FromHolder],
            ((CertificateAddition[])[plain, forced, successor, stranger]).Select(addition => addition.KeyTakeOver));

        AddOutcome?[] All(KeyReservation? reservation) =>
            [plain.WhyNotKey(reservation), forced.WhyNotKey(reservation), successor.WhyNotKey(reservation), stranger.WhyNotKey(reservation)];
    }

    [Fact]
    public void A_token_counts_for_a_day_in_whole_seconds_and_is_stored_for_a_week_more()
    {
        DateTimeOffset now = Some.Time.AddDays(1).AddMilliseconds(500);

        Assert.Equal(Some.Time, IdempotencyClaim.CountsSince(now));
        Assert.Equal(Some.Time.AddDays(-7), IdempotencyClaim.RememberedSince(now));
        Assert.Equal(Some.Time.AddDays(8), Some.Claim().ForgottenAt);
    }
}
