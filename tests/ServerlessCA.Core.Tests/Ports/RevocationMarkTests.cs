using ServerlessCA.Contracts;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Ports;

/// <summary>Tests how a row changes, decided from the row as it is.</summary>
public sealed class RevocationMarkTests
{
    private static readonly CertificateRevocation Superseded = new(Some.Time, RevocationReason.Superseded);

    [Fact]
    public void The_first_revocation_marks_the_row_in_whole_seconds_and_its_event_is_stored()
    {
        var mark = RevocationMark.Of(Some.Record(), Superseded with { At = Some.Time.AddMilliseconds(700) });

        Assert.Equal(new RevocationMark(RevokeOutcome.Revoked, Superseded), mark);
        Assert.Equal((true, true), (mark.ChangesRow, mark.StoresEvent));
    }

    [Fact]
    public void A_graver_reason_replaces_the_one_there_is_and_the_date_stays_and_no_event_is_stored()
    {
        var mark = RevocationMark.Of(
            Some.Record() with { Revoked = Superseded }, new CertificateRevocation(Some.Time.AddDays(1), RevocationReason.KeyCompromise));

        Assert.Equal(new RevocationMark(RevokeOutcome.ReasonReplaced, Superseded with { Reason = RevocationReason.KeyCompromise }), mark);
        Assert.Equal((true, false), (mark.ChangesRow, mark.StoresEvent));
    }

    [Fact]
    public void Another_revocation_that_is_not_graver_changes_nothing()
    {
        var mark = RevocationMark.Of(Some.Record() with { Revoked = Superseded }, new CertificateRevocation(Some.Time.AddDays(1)));

        Assert.Equal(new RevocationMark(RevokeOutcome.RevokedBefore, Superseded), mark);
        Assert.Equal((false, false), (mark.ChangesRow, mark.StoresEvent));
    }

    [Fact]
    public void A_reminder_is_noted_only_if_nobody_else_has_reminded_meanwhile()
    {
        CertificateRecord reminded = Some.Record().WithReminder(Some.Time.AddMilliseconds(10), expectedCount: 0)!;

        Assert.Equal([Some.Time], reminded.ExpiryReminders);
        Assert.Null(reminded.WithReminder(Some.Time, expectedCount: 0));
        Assert.Equal(2, reminded.WithReminder(Some.Time, expectedCount: 1)!.ExpiryReminders.Count);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 5)]
    [InlineData(9, 9)]
    public void A_CRL_number_rises_and_is_at_least_what_is_asked_for(long atLeast, long next) =>
        Assert.Equal(next, (Some.CaRecord() with { CrlNumber = 4 }).WithNextCrl(atLeast)!.CrlNumber);

    [Fact]
    public void Only_CAs_number_CRLs() => Assert.Null(Some.Record().WithNextCrl(1));

    [Fact]
    public void Only_end_entities_that_ask_for_it_are_reminded_of()
    {
        Assert.True(Some.Record().IsToRemind);
        Assert.False((Some.Record() with { NotifyExpiry = null }).IsToRemind);
        Assert.False((Some.CaRecord() with { NotifyExpiry = true }).IsToRemind);
    }
}
