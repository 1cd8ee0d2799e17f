using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
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

    // Found by schedule 93,029 in memory: of two runs at once one had published, and the other copied with a clock that was set back.
    [Fact]
    public async Task The_date_that_relying_parties_have_seen_stays_although_a_copy_of_a_clock_that_was_set_back_has_an_earlier_one()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.RevokedAsync();
        await authority.PublishAsync();
        CrlEntry seen = authority.Crl().Entries().Single();
        PublishedFile published = authority.Published.Files[SomeRevocations.CrlKey];
        authority.Published.Remove(SomeRevocations.CrlKey);
        authority.Published.Remove($"{SomeRevocations.CrlKey}.pem");
        Deployment early = authority.Deployment with { Clock = new FakeTimeProvider(authority.Clock.GetUtcNow().AddHours(-1)) };
        await early.PublishAsync();
        Assert.True(authority.Crl().Entries().Single().RevokedAt < seen.RevokedAt);
        await authority.Published.PublishAsync(published, IPublishedFiles.AnyVersion, CancellationToken.None);

        await authority.PublishAsync();
        Assert.Equal((3, row.SerialNumber, seen), (authority.Crl().Number, seen.SerialNumber, authority.Crl().Entries().Single()));
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

/// <summary>Tests a table whose indexes are still being built, or that was restored without them (contract 12.21, 12.22): the CRL
/// does not expire for that, its entries stay, and the step has failed.</summary>
public sealed class MissingIndexTests
{
    private const string Why = "The table 'T' has an index that is still being built";

    [Theory]
    [InlineData(nameof(ICertificateLedger.FindBySerialAsync))]
    [InlineData(nameof(ICertificateLedger.FindBySerialAsync), nameof(ICertificateLedger.ListRevokedAsync))]
    public async Task Without_indexes_the_CRL_is_published_with_all_that_it_had_and_what_the_list_names_and_the_step_fails(params string[] missing)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord revoked = await authority.RevokedAsync();
        CertificateRecord gone = await authority.RevokedAsync();
        await authority.PublishAsync();
        authority.Ledger.Lose(SomeRevocations.IdOf(gone));
        CertificateRecord exact = await authority.IssuedAsync();
        authority.List(
            SomeRevocations.EntryOf(exact),
            SomeRevocations.EntryOf(gone), // on the CRL: carried out
            SomeRevocations.Entry("nobody", "77"),
            SomeRevocations.Entry(null, "78").With("unrecorded", true));
        authority.Clock.Advance(TimeSpan.FromDays(1));

        CrlOutcome outcome = await Without(authority, missing).PublishAsync();

        Assert.Equal((CrlStatus.Published, true), (outcome.Status, outcome.Failed));
        Assert.Contains(Why, Assert.Single(outcome.Failures).Reason, StringComparison.Ordinal);
        Assert.Equal(3, outcome.Failures[0].Place.Position);
        Assert.Equal(
            ((SerialNumber[])[SerialNumber.Of(78), revoked.SerialNumber, gone.SerialNumber, exact.SerialNumber]).Order(),
            authority.Crl().Entries().Select(entry => entry.SerialNumber));
        Assert.Equal(missing.Length > 1, outcome.LookUpFault is not null); // else every entry was spoken for
        authority.List(SomeRevocations.EntryOf(exact));
        Assert.False((await authority.PublishAsync()).Failed);
    }

    [Fact]
    public async Task Entries_whose_rows_nobody_can_look_up_stay_and_fail_the_step_with_the_reason()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord gone = await authority.RevokedAsync();
        await authority.PublishAsync();
        authority.Ledger.Lose(SomeRevocations.IdOf(gone));

        CrlOutcome outcome = await Without(authority, nameof(ICertificateLedger.FindBySerialAsync)).PublishAsync();

        Assert.Equal((CrlStatus.Published, true, 1), (outcome.Status, outcome.Failed, outcome.EntryCount));
        Assert.Contains(Why, outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_list_says_of_expiry_takes_no_entry_away_while_its_row_cannot_be_looked_up()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.RevokedAsync();
        await authority.PublishAsync();
        authority.List(SomeRevocations.Entry(null, row.SerialNumber.ToString()).With("unrecorded", true).With("expires", "2000-01-01"));

        CrlOutcome outcome = await Without(
            authority, nameof(ICertificateLedger.FindBySerialAsync), nameof(ICertificateLedger.ListRevokedAsync)).PublishAsync();

        Assert.Equal((CrlStatus.Published, 1), (outcome.Status, outcome.EntryCount));
    }

    [Fact]
    public async Task With_no_last_CRL_to_go_on_from_nothing_is_published_without_the_list_of_revoked_rows()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.RevokedAsync();

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => Without(authority, nameof(ICertificateLedger.ListRevokedAsync)).PublishAsync());

        Assert.False(authority.Published.Files.ContainsKey(SomeRevocations.CrlKey));
        CrlOutcome outcome = await authority.PublishAsync();
        Assert.Equal((false, 1), (outcome.Failed, outcome.EntryCount));
    }

    private static Deployment Without(TestAuthority authority, params string[] missing)
    {
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(authority.Ledger, (method, given) =>
            !missing.Contains(method) ? given
            : method == nameof(ICertificateLedger.ListRevokedAsync) ? Fail()
            : Task.FromException<IReadOnlyList<CertificateRecord>>(Fault()));
        return authority.Deployment with { Ledger = ledger };
    }

    private static async IAsyncEnumerable<CertificateRecord> Fail()
    {
        await Task.Yield();
        foreach (CertificateRecord row in Array.Empty<CertificateRecord>())
        {
            yield return row;
        }

        throw Fault();
    }

    private static LedgerUnavailableException Fault() => new(Why, nothingWasStored: true) { IsIndexMissing = true };
}
