using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests that every entry of a list is decided before any row is marked (contract 12.20 to 12.22).</summary>
public sealed class RevocationDecisionTests
{
    [Fact]
    public async Task A_decision_shows_which_entries_are_new_known_or_impossible_and_which_row_each_hits()
    {
        TestAuthority authority = await WithEveryKindOfEntryAsync();

        RevocationDecision decided = (await authority.DecideCrlAsync()).List!;

        Assert.Equal(Enum.GetValues<ListedVerdict>(), decided.Entries.Select(entry => entry.Verdict).Distinct().Order());
        Assert.Equal(
            [
                ListedVerdict.New, ListedVerdict.Known, ListedVerdict.Graver, ListedVerdict.Restored, ListedVerdict.OnCrl, ListedVerdict.Unrecorded,
                ListedVerdict.Ended, ListedVerdict.Impossible, ListedVerdict.Known,
            ],
            decided.Entries.Select(entry => entry.Verdict));
        Assert.Equal(
            [true, true, true, true, false, false, true, false, true], decided.Entries.Select(entry => entry.Row is not null));
        Assert.All(
            decided.Entries.Where(entry => entry.Row is not null),
            entry => Assert.Equal(SomeRevocations.IdOf(entry.Row!), SomeRevocations.IdOf(authority.RowOf(entry.Row!)!)));
        Assert.Equal([8, 10], decided.Failures.Select(failure => failure.Place.Position).Order());
        Assert.Equal(1, decided.NewlyRevoked);
        Assert.Null(decided.ListFault);
    }

    [Fact]
    public async Task What_a_list_was_decided_to_do_is_what_is_done_and_the_next_decision_finds_it_all_known()
    {
        TestAuthority authority = await WithEveryKindOfEntryAsync();
        RevocationDecision decided = (await authority.DecideCrlAsync()).List!;

        CrlOutcome done = await authority.PublishAsync();
        RevocationDecision next = (await authority.DecideCrlAsync()).List!;

        Assert.Equal(decided.NewlyRevoked, done.NewlyRevoked);
        Assert.Equal(decided.Failures, done.Failures);
        Assert.All(decided.Entries.Where(entry => entry.ToWrite is not null), entry => Assert.Equal(entry.Row!.Revoked, authority.RowOf(entry.Row)!.Revoked));
        Assert.Equal(
            [ListedVerdict.Known, ListedVerdict.OnCrl, ListedVerdict.Ended, ListedVerdict.Impossible],
            next.Entries.Select(entry => entry.Verdict).Distinct().Order());
        Assert.Equal(0, next.NewlyRevoked);
    }

    [Fact]
    public async Task A_row_that_somebody_else_revoked_after_it_was_decided_keeps_their_date_and_is_not_announced()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.IssuedAsync();
        authority.List(SomeRevocations.EntryOf(row).With("reason", "superseded"));
        await new RevokeCertificate(authority.Deployment).RunAsync(SomeRevocations.IdOf(row), RevocationReason.KeyCompromise, CancellationToken.None);
        DateTimeOffset theirs = authority.RowOf(row)!.Revoked!.At;
        authority.Clock.Advance(TimeSpan.FromHours(1));
        int reads = 0;
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(authority.Ledger, (method, given) =>
            method == nameof(ICertificateLedger.FindAsync) && reads++ == 0 ? Task.FromResult<CertificateRecord?>(row) : given);

        CrlOutcome done = await (authority.Deployment with { Ledger = ledger }).PublishAsync();

        Assert.Equal((0, 1, false), (done.NewlyRevoked, done.EntryCount, done.Failed));
        Assert.Equal((theirs, RevocationReason.KeyCompromise), authority.Crl().Entries().Select(entry => (entry.RevokedAt, entry.Reason)).Single());
        Assert.Single(authority.Told, "Certificate Revoked");
    }

    [Fact]
    public async Task An_entry_whose_row_was_deleted_after_it_was_decided_has_failed()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.IssuedAsync();
        authority.List(SomeRevocations.EntryOf(row));
        authority.Ledger.Lose(SomeRevocations.IdOf(row));
        int reads = 0;
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(authority.Ledger, (method, given) =>
            method == nameof(ICertificateLedger.FindAsync) && reads++ == 0 ? Task.FromResult<CertificateRecord?>(row) : given);

        CrlOutcome done = await (authority.Deployment with { Ledger = ledger }).PublishAsync();

        Assert.Contains("its row was deleted while it was revoked", Assert.Single(done.Failures).Reason, StringComparison.Ordinal);
    }

    // Old entries stay on lists for good: one whose certificate has expired needs no other CA to be judged.
    [Fact]
    public async Task An_expired_certificate_of_another_key_keeps_no_CRL_from_being_published_where_the_other_CA_cannot_be_read()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord foreign = await authority.IssuedAsync(lifetime: 1);
        authority.Ledger.Plant(foreign with { IssuerKeyId = "00" });
        authority.List(SomeRevocations.EntryOf(foreign));
        authority.Ledger.Plant(authority.RowOf(TestAuthority.RootName) with { CertificatePem = "damaged" });
        authority.Clock.Advance(TimeSpan.FromDays(2));

        CrlOutcome done = await authority.PublishAsync();

        Assert.Equal((CrlStatus.Published, false), (done.Status, done.Failed));
    }

    /// <summary>Makes a list with an entry for every verdict, in their order, but the last: it is known by the one before; and an
    /// entry that cannot be read.</summary>
    internal static async Task<TestAuthority> WithEveryKindOfEntryAsync()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord fresh = await authority.IssuedAsync();
        CertificateRecord known = await authority.RevokedAsync();
        CertificateRecord graver = await authority.RevokedAsync();
        CertificateRecord restored = await authority.RevokedAsync();
        CertificateRecord gone = await authority.RevokedAsync();
        CertificateRecord foreign = await authority.IssuedAsync(lifetime: 1);
        await authority.PublishAsync();
        authority.Ledger.Plant(restored with { Revoked = null });
        authority.Ledger.Lose(SomeRevocations.IdOf(gone));
        authority.Ledger.Plant(foreign with { IssuerKeyId = "00" });
        authority.List(
            SomeRevocations.EntryOf(fresh),
            SomeRevocations.EntryOf(known),
            SomeRevocations.EntryOf(graver).With("reason", "keyCompromise"),
            SomeRevocations.EntryOf(restored),
            SomeRevocations.EntryOf(gone),
            SomeRevocations.Entry(null, "0x1234").With("unrecorded", true),
            SomeRevocations.EntryOf(foreign),
            SomeRevocations.Entry("nobody", "4661"),
            SomeRevocations.Entry(null, fresh.SerialNumber.ToString()),
            SomeRevocations.Entry("nobody", "no number"));
        authority.Clock.Advance(TimeSpan.FromDays(2));
        return authority;
    }
}
