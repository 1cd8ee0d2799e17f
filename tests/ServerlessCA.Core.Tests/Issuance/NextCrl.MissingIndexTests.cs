using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

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
