using ServerlessCA.Core.Expiry;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests that the next CRL is decided before anything is done, can be shown, and is what is done.</summary>
public sealed class CrlDecisionTests
{
    [Fact]
    public async Task The_CRL_that_is_published_is_the_one_that_was_decided_and_deciding_it_changed_nothing()
    {
        TestAuthority authority = await WithEveryKindOfEntryAsync();

        CrlDecision decided = await authority.DecideCrlAsync();
        CrlOutcome done = await authority.PublishAsync();

        CertificateRevocationList crl = authority.Crl();
        Assert.Equal(decided.Next!.Entries, crl.Entries());
        Assert.Equal((decided.Next.Number, decided.Next.ThisUpdate, decided.Next.NextUpdate), (crl.Number!.Value, crl.ThisUpdate, crl.NextUpdate));
        Assert.Equal(decided.Outcome.Message, done.Message);
        Assert.Equal(decided.Outcome.Problems, done.Problems);
        Assert.Equal(
            (decided.Outcome.Status, decided.Outcome.Number, decided.Outcome.EntryCount, decided.Outcome.NewlyRevoked, decided.Outcome.Failed),
            (done.Status, done.Number, done.EntryCount, done.NewlyRevoked, done.Failed));
        Assert.All(decided.List!.Entries.Where(entry => entry.ToWrite is not null), entry => Assert.Equal(entry.Row!.Revoked, authority.RowOf(entry.Row)!.Revoked));
        RowMark mark = Assert.Single(decided.Marks);
        Assert.Equal(mark.Revocation, authority.Ledger.Records.Single(row => new RowId(row.CommonName, row.SerialNumber) == mark.Row).Revoked);
    }

    [Fact]
    public async Task A_decision_shows_what_comes_onto_the_CRL_and_what_leaves_it()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord old = await authority.RevokedAsync(lifetime: 1);
        CertificateRecord stays = await authority.RevokedAsync();
        await authority.PublishAsync();
        authority.Clock.Advance(TimeSpan.FromDays(2));
        await authority.PublishAsync();
        authority.Clock.Advance(TimeSpan.FromMinutes(1));
        CertificateRecord fresh = await authority.RevokedAsync();

        CrlDecision decided = await authority.DecideCrlAsync();

        Assert.Equal([fresh.SerialNumber], decided.Coming.Select(entry => entry.SerialNumber));
        Assert.Equal([old.SerialNumber], decided.Leaving.Select(entry => entry.SerialNumber));
        Assert.Contains(stays.SerialNumber, decided.Next!.Entries.Select(entry => entry.SerialNumber));
    }

    [Fact]
    public async Task A_decision_says_why_it_is_time_for_the_next_CRL_or_why_there_is_none()
    {
        Assert.Equal(CrlCause.NoCa, (await TestAuthority.WithoutCas().DecideCrlAsync()).Cause);
        TestAuthority authority = await TestAuthority.CreateAsync();
        Assert.Equal(CrlCause.First, (await authority.DecideCrlAsync()).Cause);
        await authority.PublishAsync();
        Assert.Equal(CrlCause.NotDue, (await authority.DecideCrlAsync()).Cause);

        authority.Clock.Advance(TimeSpan.FromHours(13));
        Assert.Equal(CrlCause.Age, (await authority.DecideCrlAsync()).Cause);
        await authority.RevokedAsync();
        Assert.Equal(CrlCause.Changed, (await authority.DecideCrlAsync()).Cause);
        await authority.PublishAsync();

        await authority.Published.DamageAsync(SomeRevocations.CrlKey, SomeRevocations.CrlKey + ".pem");
        Assert.Equal(CrlCause.Missing, (await authority.DecideCrlAsync()).Cause);
        authority.Copies.Remove(SomeRevocations.CopyKey);
        CrlDecision lost = await authority.DecideCrlAsync();
        Assert.Equal(CrlCause.Lost, lost.Cause);
        Assert.Equal(lost.Outcome.CrlFault, (await authority.PublishAsync()).CrlFault);
    }

    [Fact]
    public async Task Where_the_published_CRL_is_dated_ahead_of_the_clock_the_decision_says_that_it_stays_until_it_is_set_aside()
    {
        TestAuthority ahead = await TestAuthority.CreateAsync();
        ahead.Clock.Advance(TimeSpan.FromDays(3));
        await ahead.PublishAsync();
        PublishedFile file = ahead.Published.Files[SomeRevocations.CrlKey];
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(ahead.Clock.GetUtcNow().AddDays(-2));
        Task<CrlDecision> DecideAsync() => ahead.DecideAsync(ca => PublishCrl.OfIssuing(ca with { Clock = clock }).DecideAsync(CancellationToken.None));

        CrlDecision stays = await DecideAsync();
        CrlOutcome done = await (ahead.Deployment with { Clock = clock }).PublishAsync();

        Assert.Equal((CrlCause.Ahead, CrlStatus.AheadInPlace), (stays.Cause, done.Status));
        Assert.Null(stays.Next);
        Assert.Equal(stays.Outcome.Message, done.Message);
        Assert.Equal(file, ahead.Published.Files[SomeRevocations.CrlKey]);
        MendCrl mend = (await MendCrl.OfAllAsync(ahead.Deployment with { Clock = clock }, CancellationToken.None)).Single(crl => crl.CaName == TestAuthority.IssuingName);
        Assert.NotNull(await mend.SetAsideAsync(CancellationToken.None));
        Assert.Equal(CrlCause.SetAside, (await DecideAsync()).Cause);
    }

    [Fact]
    public async Task What_another_run_published_after_the_decision_is_decided_upon_again()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.PublishAsync();
        CrlDecision decided = await authority.DecideCrlAsync();
        CertificateRecord row = await authority.RevokedAsync();
        await authority.PublishAsync();
        authority.Ledger.Lose(SomeRevocations.IdOf(row));

        CrlOutcome done = await authority.PublishAsync();

        Assert.Equal((2L, 0), (decided.Next!.Number, decided.Next.Entries.Count));
        Assert.Equal(((long?)3, 1), (done.Number, done.EntryCount));
    }

    [Fact]
    public async Task The_warning_of_a_CA_s_own_end_is_decided_with_its_CRL()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Assert.Null((await authority.DecideCrlAsync()).Warning);
        authority.Clock.Advance(TimeSpan.FromDays(3650 - 60));

        CaExpiryWarning? warning = (await authority.DecideCrlAsync()).Warning;
        await authority.PublishAsync();

        Assert.Equal((60, 90), (warning!.DaysRemaining, warning.Day));
        Assert.Single(authority.Told, "Certificate Expiry Warning");
    }

    private static async Task<TestAuthority> WithEveryKindOfEntryAsync()
    {
        TestAuthority authority = await RevocationDecisionTests.WithEveryKindOfEntryAsync();
        CertificateRecord restored = await authority.RevokedAsync();
        await authority.PublishAsync(); // carries the list out
        authority.Ledger.Plant(restored with { Revoked = null }); // and nobody lists this one
        CertificateRecord[] more = [await authority.IssuedAsync(), await authority.RevokedAsync()];
        authority.List(
            SomeRevocations.EntryOf(more[0]).With("reason", "keyCompromise"),
            SomeRevocations.EntryOf(more[1]).With("reason", "cACompromise"),
            SomeRevocations.Entry("nobody", "77"),
            SomeRevocations.Entry(null, "78").With("unrecorded", true).With("resaon", "superseded"));
        authority.Clock.Advance(TimeSpan.FromDays(1));
        return authority;
    }
}
