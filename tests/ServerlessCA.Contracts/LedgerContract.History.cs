using ServerlessCA.Contracts.Faults;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using Xunit;

namespace ServerlessCA.Contracts;

/// <summary>This part tests the history.</summary>
public abstract partial class LedgerContract
{
    private static readonly Actor Alice = new("local:alice");

    // Entries of today: a ledger that deletes what is old by its own clock has to find them.
    private static readonly DateTimeOffset Today = TableTime.WholeSeconds(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task What_is_issued_reminded_and_revoked_is_in_the_history_as_it_was_given()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = Some.Record("Café 🔑") with { Issued = Today };
        HistoryEntry[] entries =
        [
            HistoryEntry.Issued(row, "serverless-issuing-ca-dev", Today, Alice),
            HistoryEntry.Reminded(row, Today.AddSeconds(1), actor: null),
            HistoryEntry.Revoked(Some.Row(row), new(Today.AddSeconds(2), RevocationReason.Superseded), Alice),
        ];
        Assert.Equal(AddOutcome.Added, await ledger.AddAsync(new CertificateAddition(row) { History = entries[0] }, Cancellation));
        Assert.True(await ledger.AddReminderAsync(Some.Row(row), Today.AddSeconds(1), 0, Some.Event("soon"), entries[1], Cancellation));
        Assert.Equal(
            RevokeOutcome.Revoked,
            await ledger.RevokeAsync(Some.Row(row), new(Today.AddSeconds(2), RevocationReason.Superseded), null, Some.Event(), entries[2], Cancellation));

        ICertificateLedger other = await OpenAsync();
        Assert.Equal(entries.Reverse(), await other.FindHistoryAsync(new HistoryQuery(10) { CommonName = row.CommonName }, Cancellation));
        Assert.Equal(entries.Reverse(), await other.FindHistoryAsync(new HistoryQuery(10) { Since = Today }, Cancellation));
    }

    [Fact]
    public async Task A_refusal_and_a_CRL_are_stored_alone_and_the_same_one_once()
    {
        ICertificateLedger ledger = await OpenAsync();
        var why = new Rejection(RejectionCode.KeyUsed, "csr", "Key was used before");
        HistoryEntry refused = HistoryEntry.Refused("a.example", why, repeatedAs: null, Today, Alice);
        HistoryEntry nameless = HistoryEntry.Refused(null, why, "of an entry", Today, Alice);
        HistoryEntry crl = HistoryEntry.Published("serverless-issuing-ca-dev", 12, 3, Today.AddSeconds(1), Alice);
        foreach (HistoryEntry entry in (HistoryEntry[])[refused, refused with { Details = "later" }, nameless, nameless with { At = Today.AddDays(1) }, crl, crl])
        {
            await ledger.AddHistoryAsync(entry, Cancellation);
        }

        Assert.Equal([refused], await ledger.FindHistoryAsync(new HistoryQuery(10) { CommonName = "a.example" }, Cancellation));
        Assert.Equal([crl], await ledger.FindHistoryAsync(new HistoryQuery(10) { CommonName = "serverless-issuing-ca-dev" }, Cancellation));
        IReadOnlyList<HistoryEntry> all = await ledger.FindHistoryAsync(new HistoryQuery(10) { Since = Today.AddDays(-1) }, Cancellation);
        Assert.Equal(crl, all[0]);
        SameWithinASecond([nameless, refused], all.Skip(1));
    }

    [Fact]
    public async Task What_may_be_forgotten_may_be_stored_again()
    {
        ICertificateLedger ledger = await OpenAsync();
        var why = new Rejection(RejectionCode.Malformed, null, "No");
        HistoryEntry first = HistoryEntry.Refused("a.example", why, "of an entry", Today.AddDays(-31), Alice);
        HistoryEntry again = HistoryEntry.Refused("a.example", why, "of an entry", Today, Alice);
        await ledger.AddHistoryAsync(first, Cancellation);
        await ledger.AddHistoryAsync(again, Cancellation);

        Assert.Equal([again], await ledger.FindHistoryAsync(new HistoryQuery(10) { CommonName = "a.example" }, Cancellation));
    }

    [Fact]
    public async Task The_newest_come_first_up_to_the_limit_of_one_certificate_if_wanted()
    {
        ICertificateLedger ledger = await OpenAsync();
        for (int serial = 1; serial <= 12; serial++)
        {
            CertificateRecord row = Some.Record("many", serial) with { Issued = Today.AddDays(-serial) };
            await ledger.AddAsync(new CertificateAddition(row) { History = HistoryEntry.Issued(row, null, row.Issued, Alice) }, Cancellation);
        }

        Assert.Equal([1, 2, 3], await SerialsAsync(new HistoryQuery(3) { CommonName = "many" }));
        Assert.Equal([12], await SerialsAsync(new HistoryQuery(3) { CommonName = "many", SerialNumber = SerialNumber.Of(12) }));
        Assert.Equal([1, 2], await SerialsAsync(new HistoryQuery(9) { CommonName = "many", Since = Today.AddDays(-2) }));
        Assert.Equal([1, 2, 3, 4], await SerialsAsync(new HistoryQuery(4) { Since = Today.AddDays(-20) }));
        Assert.Equal([1, 2, 3], await SerialsAsync(new HistoryQuery(100) { Since = Today.AddDays(-3) }));
        Assert.Empty(await SerialsAsync(new HistoryQuery(3) { CommonName = "none" }));

        async Task<IEnumerable<long>> SerialsAsync(HistoryQuery query) =>
            (await ledger.FindHistoryAsync(query, Cancellation)).Select(entry => long.Parse(entry.SerialNumber!.Value.ToString(), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task What_changes_nothing_leaves_no_history()
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = Some.Record() with { Issued = Today };
        CertificateAddition first = new(row) { Key = Some.Key("k"), History = HistoryEntry.Issued(row, null, row.Issued, Alice) };
        CertificateRecord second = row with { SerialNumber = SerialNumber.Of(2) };
        await ledger.AddAsync(first, Cancellation);
        await ledger.AddAsync(first with { Record = second, History = HistoryEntry.Issued(second, null, Today, Alice) }, Cancellation);
        var superseded = new CertificateRevocation(Today, RevocationReason.Superseded);
        var graver = new CertificateRevocation(Today.AddSeconds(5), RevocationReason.KeyCompromise);
        foreach (CertificateRevocation revocation in (CertificateRevocation[])[superseded, superseded with { At = Today.AddSeconds(3) }, graver])
        {
            await ledger.RevokeAsync(Some.Row(row), revocation, null, null, HistoryEntry.Revoked(Some.Row(row), revocation, Alice), Cancellation);
        }

        await ledger.AddReminderAsync(Some.Row(row), Today, 7, Some.Event(), HistoryEntry.Reminded(row, Today, null), Cancellation);

        Assert.Equal(
            [HistoryEntry.Revoked(Some.Row(row), graver, Alice), HistoryEntry.Revoked(Some.Row(row), superseded, Alice), first.History],
            await ledger.FindHistoryAsync(new HistoryQuery(10) { CommonName = row.CommonName }, Cancellation));
    }

    [Fact]
    public async Task Of_one_second_a_revocation_comes_before_the_issue_by_name_by_certificate_and_by_day()
    {
        ICertificateLedger ledger = await OpenAsync();
        var now = new CertificateRevocation(Today, RevocationReason.Superseded);
        var expected = new List<(HistoryEntry Revoked, HistoryEntry Issued)>();
        foreach (CertificateRecord row in (CertificateRecord[])[Some.Record("z", 1) with { Issued = Today }, Some.Record("a", 2) with { Issued = Today }, Some.Record("z", 3) with { Issued = Today }])
        {
            expected.Add((HistoryEntry.Revoked(Some.Row(row), now, Alice), HistoryEntry.Issued(row, null, Today, Alice)));
            await ledger.AddAsync(new CertificateAddition(row) { History = expected[^1].Issued }, Cancellation);
            await ledger.RevokeAsync(Some.Row(row), now, null, null, expected[^1].Revoked, Cancellation);
        }

        IReadOnlyList<HistoryEntry> all = await ledger.FindHistoryAsync(new HistoryQuery(10) { Since = Today }, Cancellation);
        IReadOnlyList<HistoryEntry> ofName = await ledger.FindHistoryAsync(new HistoryQuery(10) { CommonName = "z" }, Cancellation);
        IReadOnlyList<HistoryEntry> ofOne = await ledger.FindHistoryAsync(new HistoryQuery(10) { CommonName = "z", SerialNumber = SerialNumber.Of(3) }, Cancellation);

        SameWithinASecond(expected.SelectMany(pair => (HistoryEntry[])[pair.Revoked, pair.Issued]), all);
        SameWithinASecond([expected[0].Revoked, expected[0].Issued, expected[2].Revoked, expected[2].Issued], ofName);
        Assert.Equal([expected[2].Revoked, expected[2].Issued], ofOne);
        Assert.All(expected, pair => Assert.Equal([pair.Revoked, pair.Issued], all.Where(entry => entry.SerialNumber == pair.Issued.SerialNumber)));
        Assert.All((int[])[0, 2], place => Assert.Equal([expected[place].Revoked, expected[place].Issued], ofName.Where(entry => entry.SerialNumber == expected[place].Issued.SerialNumber)));
    }

    [Theory]
    [MemberData(nameof(WriteFaults))]
    public async Task Work_that_failed_and_is_repeated_is_in_the_history_once(Fault fault)
    {
        ICertificateLedger ledger = await OpenAsync();
        CertificateRecord row = Some.Record() with { Issued = Today };
        HistoryEntry issued = HistoryEntry.Issued(row, null, row.Issued, Alice);
        HistoryEntry reminded = HistoryEntry.Reminded(row, Today.AddSeconds(1), actor: null);
        var revocation = new CertificateRevocation(Today.AddSeconds(2), RevocationReason.Superseded);
        HistoryEntry revoked = HistoryEntry.Revoked(Some.Row(row), revocation, Alice);
        HistoryEntry refused = HistoryEntry.Refused(row.CommonName, new Rejection(RejectionCode.KeyUsed, "csr", "No"), repeatedAs: null, Today.AddSeconds(3), Alice);

        await RepeatedAsync(fault, ledger, faulty => faulty.AddAsync(new CertificateAddition(row) { History = issued }, Cancellation));
        await RepeatedAsync(fault, ledger, faulty => faulty.AddReminderAsync(Some.Row(row), reminded.At, 0, Some.Event("soon"), reminded, Cancellation));
        await RepeatedAsync(fault, ledger, faulty => faulty.RevokeAsync(Some.Row(row), revocation, null, null, revoked, Cancellation));
        await RepeatedAsync(fault, ledger, async faulty =>
        {
            await faulty.AddHistoryAsync(refused, Cancellation);
            return true;
        });

        HistoryEntry[] expected = [refused, revoked, reminded, issued];
        Assert.Equal(expected, await ledger.FindHistoryAsync(new HistoryQuery(10) { CommonName = row.CommonName }, Cancellation));
        Assert.Equal(expected, await ledger.FindHistoryAsync(new HistoryQuery(10) { Since = Today }, Cancellation));
    }

    // A ledger need not know the order within a second.
    private static void SameWithinASecond(IEnumerable<HistoryEntry> expected, IEnumerable<HistoryEntry> found) => Assert.Equal(
        expected.OrderBy(entry => entry.Id, StringComparer.Ordinal), found.OrderBy(entry => entry.Id, StringComparer.Ordinal));
}
