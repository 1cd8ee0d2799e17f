using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests contract 12.22 and 12.28: clocks that were wrong.</summary>
public sealed class CrlClockTests
{
    private static readonly TimeSpan ElevenYears = TimeSpan.FromDays(11 * 365);

    [Theory]
    [InlineData(1)]
    [InlineData(2)] // the second one drops what had expired by its clock
    public async Task After_runs_with_the_clock_ahead_every_run_fails_until_the_file_is_set_aside_and_then_nothing_is_lost(int runsAhead)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord gone = await authority.RevokedAsync(RevocationReason.KeyCompromise);
        CertificateRecord before = await authority.RevokedAsync();
        await authority.PublishAsync();
        CrlEntry[] first = [.. authority.Crl().Entries()];
        authority.Ledger.Lose(SomeRevocations.IdOf(gone));
        Deployment ahead = authority.Deployment with { Clock = new FakeTimeProvider(authority.Clock.GetUtcNow() + ElevenYears) };
        CertificateRecord during = await authority.IssuedAsync();
        await new RevokeCertificate(ahead).RunAsync(SomeRevocations.IdOf(during), RevocationReason.Superseded, CancellationToken.None);
        for (int run = 0; run < runsAhead; run++)
        {
            await ahead.PublishAsync();
        }

        long number = authority.Crl().Number!.Value;
        byte[] bad = authority.Crl().Der.ToArray();
        CertificateRecord after = await authority.IssuedAsync();
        authority.List(SomeRevocations.EntryOf(before), SomeRevocations.EntryOf(after));

        CrlOutcome failed = await authority.PublishAsync();
        Assert.Equal((CrlStatus.AheadInPlace, true), (failed.Status, failed.Failed));
        Assert.Contains($"{SomeRevocations.CrlKey} is dated", failed.CrlFault, StringComparison.Ordinal);
        Assert.Contains($"'serverless-ca crl set-aside {TestAuthority.IssuingName}'", failed.CrlFault, StringComparison.Ordinal);
        Assert.Contains(failed.Failures, failure => failure.Place.Position == 2 && failure.Reason.Contains("ahead of the clock", StringComparison.Ordinal));
        Assert.Equal(bad, authority.Crl().Der.ToArray());
        await Assert.ThrowsAsync<StepFailedException>(
            () => new InvokeFunction(authority.Deployment).RunAsync(CaFunction.IssuingCaCrl, "{}"u8.ToArray(), CancellationToken.None));

        MendCrl mend = (await MendCrl.OfAllAsync(authority.Deployment, CancellationToken.None)).Single(found => found.CaName == TestAuthority.IssuingName);
        SetAsideCrl aside = Assert.IsType<SetAsideCrl>(await mend.SetAsideAsync(CancellationToken.None));
        CrlOutcome mended = await authority.PublishAsync();

        Assert.False(mended.Failed, mended.Message);
        Assert.Equal(bad, authority.Copies.Files[aside.Key].Content.ToArray());
        Assert.Equal(number + 1, mended.Number);
        Dictionary<SerialNumber, CrlEntry> entries = authority.Crl().Entries().ToDictionary(entry => entry.SerialNumber);
        Assert.Equal(((CertificateRecord[])[gone, before, during, after]).Select(row => row.SerialNumber).Order(), entries.Keys.Order());
        Assert.All(first, entry => Assert.Equal(entry, entries[entry.SerialNumber]));
        Assert.InRange(authority.Crl().ThisUpdate, default, authority.Clock.GetUtcNow());
        Assert.False((await authority.PublishAsync()).Failed);
        Assert.Equal(entries.Values.OrderBy(entry => entry.SerialNumber), authority.Crl().Entries());
        Assert.Null(await mend.SetAsideAsync(CancellationToken.None));
    }

    [Fact]
    public async Task With_a_clock_that_went_back_the_CRL_stays_and_when_it_is_right_again_the_next_one_is_published()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.PublishAsync();
        Deployment early = authority.Deployment with { Clock = new FakeTimeProvider(authority.Clock.GetUtcNow().AddSeconds(-301)) };

        CrlOutcome outcome = await early.PublishAsync();
        Assert.Equal((CrlStatus.AheadInPlace, 1, true), (outcome.Status, outcome.Number, outcome.Failed));
        Assert.Equal(1, authority.Crl().Number);

        Assert.False((await authority.PublishAsync()).Failed);
        Assert.Equal(2, authority.Crl().Number);
    }

    [Fact]
    public async Task A_CRL_is_dated_five_minutes_back_or_at_its_newest_revocation_and_never_before_the_one_that_it_replaces()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        DateTimeOffset start = authority.Clock.GetUtcNow();
        await authority.PublishAsync();
        Assert.Equal((start.AddMinutes(-5), start.AddSeconds(87_000)), (authority.Crl().ThisUpdate, authority.Crl().NextUpdate));

        await authority.RevokedAsync();
        await authority.PublishAsync();
        Assert.Equal(start, authority.Crl().ThisUpdate);

        authority.Clock.Advance(TimeSpan.FromMinutes(1));
        await authority.PublishAsync();
        Assert.Equal(start, authority.Crl().ThisUpdate);

        authority.Clock.Advance(TimeSpan.FromMinutes(5));
        await authority.PublishAsync();
        Assert.Equal(start.AddMinutes(1), authority.Crl().ThisUpdate);
    }

    [Fact]
    public async Task While_the_CRL_is_dated_ahead_old_entries_whose_certificates_have_expired_are_no_failures()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord expired = await authority.IssuedAsync(lifetime: 1);
        authority.List(SomeRevocations.EntryOf(expired));
        for (int day = 0; day < 4; day++)
        {
            await authority.PublishAsync();
            authority.Clock.Advance(TimeSpan.FromDays(1));
        }

        await (authority.Deployment with { Clock = new FakeTimeProvider(authority.Clock.GetUtcNow() + ElevenYears) }).PublishAsync();

        CrlOutcome outcome = await authority.PublishAsync();

        Assert.Equal((CrlStatus.AheadInPlace, 0), (outcome.Status, outcome.EntryCount));
        Assert.Empty(outcome.Failures);
    }

    [Fact]
    public async Task A_date_of_the_ledger_that_is_still_to_come_is_now_on_the_CRL_and_stays()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.IssuedAsync();
        DateTimeOffset now = authority.Clock.GetUtcNow();
        authority.Ledger.Plant(row with { Revoked = new CertificateRevocation(now + ElevenYears) });

        await authority.PublishAsync();
        authority.Clock.Advance(TimeSpan.FromDays(1));
        await authority.PublishAsync();

        Assert.Equal(now, Assert.Single(authority.Crl().Entries()).RevokedAt);
        for (int day = 0; day < 40; day++)
        {
            authority.Clock.Advance(TimeSpan.FromDays(1));
            int there = (await authority.PublishAsync()).EntryCount;
            Assert.Equal((day, day < 30 ? 1 : 0), (day, there)); // the certificate ends after 30 days, of which one was past
        }
    }
}
