using System.Text.Json.Nodes;
using ServerlessCA.Contracts;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Inventory;

/// <summary>Checks what lists show, in which order, and what they read for it.</summary>
public sealed class InventoryListTests
{
    private static readonly DateTimeOffset Now = Some.Time.AddDays(10);

    private readonly MemoryLedger rows = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_by_expiry_streams_the_rows_in_question_and_never_the_table()
    {
        Plant(Enumerable.Range(1, 200).Select(serial => Some.Record($"name-{serial}", serial) with { Expires = Now.AddDays(serial) }));
        (ICertificateLedger ledger, InterceptedLedger watched) = InterceptedLedger.Over(rows);

        InventoryList list = await ListAsync(ledger, new InventoryFilter { ExpiresFrom = Now, ExpiresUntil = Now.AddDays(30) });

        Assert.Equal((30, null), (list.Count, list.WholeTable));
        Assert.Equal([nameof(ICertificateLedger.HasAllExpiriesAsync), nameof(ICertificateLedger.ListByExpiryAsync)], watched.Calls);
        Assert.Equal(30, watched.RowsStreamed);
    }

    [Fact]
    public async Task A_filter_of_contents_reads_the_rows_that_the_others_leave_and_no_more()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct("one", more: new JsonObject { ["sans"] = new JsonArray("www.Example.test", "api.example.test") }));
        await authority.IssueAsync(SomeRequests.Direct("two", more: new JsonObject { ["sans"] = new JsonArray("www.other.test") }));
        authority.Ledger.Plant(Some.Record("late", 5) with { Expires = authority.Deployment.Clock.GetUtcNow().AddYears(2) });
        (ICertificateLedger ledger, InterceptedLedger watched) = InterceptedLedger.Over(authority.Ledger);
        DateTimeOffset now = authority.Deployment.Clock.GetUtcNow();
        var filter = new InventoryFilter { ExpiresFrom = now, ExpiresUntil = now.AddYears(1), AlternativeName = "*.example.test" };

        InventoryList list = await new CertificateInventory(ledger).ListAsync(new InventoryQuery(filter), now, Cancellation);

        Assert.Equal("one", Assert.Single(list.Rows).CommonName);
        Assert.Equal(2, watched.Calls.Count(call => call == nameof(ICertificateLedger.FindAsync)));
        Assert.DoesNotContain(nameof(ICertificateLedger.ListAsync), watched.Calls);
    }

    [Fact]
    public async Task Both_ways_of_reading_list_the_same()
    {
        var random = new Random(7);
        Plant(Enumerable.Range(1, 120).Select(serial => Some.Record($"name-{random.Next(9)}", serial) with
        {
            Expires = Now.AddDays(random.Next(-20, 60)),
            Revoked = random.Next(4) == 0 ? new CertificateRevocation(Some.Time) : null,
            CrlNumber = random.Next(20) == 0 ? 0 : null,
            Source = random.Next(3) switch { 0 => IssueSource.GitOps, 1 => IssueSource.Direct, _ => null },
        }));
        (ICertificateLedger whole, _) = InterceptedLedger.Over(
            rows, (method, given) => method == nameof(ICertificateLedger.HasAllExpiriesAsync) ? Task.FromResult(false) : given);
        bool[] both = [false, true];
        foreach ((bool valid, bool expired, bool revoked, bool within) in from valid in both from expired in both from revoked in both from within in both select (valid, expired, revoked, within))
        {
            foreach (IssueSource? source in (IssueSource?[])[null, IssueSource.GitOps, IssueSource.Direct])
            {
                var filter = new InventoryFilter
                {
                    Valid = valid,
                    Expired = expired,
                    Revoked = revoked,
                    Source = source,
                    ExpiresFrom = within ? Now.AddDays(-3) : null,
                    ExpiresUntil = within ? Now.AddDays(30) : null,
                };

                InventoryList quick = await ListAsync(rows, filter);

                Assert.Equal((await ListAsync(whole, filter)).Rows, quick.Rows);
                Assert.Equal(rows.Records.Count(record => filter.Takes(record, Now)), quick.Count);
            }
        }
    }

    [Fact]
    public async Task A_ledger_that_does_not_know_every_expiry_is_read_whole_and_the_list_says_why()
    {
        Plant([Some.Record("old")]);
        (ICertificateLedger ledger, InterceptedLedger watched) = InterceptedLedger.Over(
            rows, (method, given) => method == nameof(ICertificateLedger.HasAllExpiriesAsync) ? Task.FromResult(false) : given);

        InventoryList list = await ListAsync(ledger, new InventoryFilter { ExpiresUntil = Some.Time.AddYears(1) });

        Assert.Equal(1, list.Count);
        Assert.Contains("'serverless-ca migrate --apply'", list.WholeTable, StringComparison.Ordinal);
        Assert.Contains(nameof(ICertificateLedger.ListAsync), watched.Calls);
        Assert.DoesNotContain(nameof(ICertificateLedger.ListByExpiryAsync), watched.Calls);
        Assert.Null((await ListAsync(ledger, new InventoryFilter())).WholeTable); // nothing limits the expiry
    }

    [Theory]
    [InlineData(nameof(ICertificateLedger.HasAllExpiriesAsync), false)]
    [InlineData(nameof(ICertificateLedger.ListByExpiryAsync), true)]
    public async Task An_index_that_cannot_be_used_makes_the_list_slow_and_not_wrong(string missing, bool isIndexMissing)
    {
        Plant([Some.Record("old")]);
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(rows, (method, given) =>
            method == missing ? throw new LedgerUnavailableException("The index is missing.") { IsIndexMissing = isIndexMissing } : given);

        InventoryList list = await ListAsync(ledger, new InventoryFilter { ExpiresUntil = Some.Time.AddYears(1) });

        Assert.Equal((1, "the index of expiries cannot be used: The index is missing"), (list.Count, list.WholeTable));
    }

    [Fact]
    public async Task Another_fault_while_listing_is_a_fault()
    {
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(rows, (method, given) =>
            method == nameof(ICertificateLedger.ListByExpiryAsync) ? throw new LedgerUnavailableException("throttled") : given);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ListAsync(ledger, new InventoryFilter { ExpiresUntil = Now }));
    }

    [Fact]
    public async Task A_list_has_the_order_and_the_number_of_lines_that_were_asked_for_and_counts_all()
    {
        Plant(
        [
            Some.Record("b", 1) with { Expires = Now.AddDays(3) }, Some.Record("a", 2) with { Expires = Now.AddDays(1), Issued = Some.Time.AddDays(2) },
            Some.Record("c", 3) with { Expires = Now.AddDays(2), Issued = Some.Time.AddDays(1) },
        ]);

        async Task<string> Names(InventorySort sort, int? limit) => string.Join(' ', (await new CertificateInventory(rows).ListAsync(
            new InventoryQuery(new InventoryFilter()) { Sort = sort, Limit = limit }, Now, Cancellation)).Rows.Select(row => row.CommonName));

        Assert.Equal(["a b c", "a c b", "a c b"], [await Names(InventorySort.Name, null), await Names(InventorySort.Expiry, null), await Names(InventorySort.Issued, 7)]);
        Assert.Equal("a c", await Names(InventorySort.Expiry, 2));
        Assert.Equal(3, (await new CertificateInventory(rows).ListAsync(new InventoryQuery(new InventoryFilter()) { Limit = 1 }, Now, Cancellation)).Count);
    }

    [Fact]
    public async Task Certificates_are_found_by_alternative_name_usage_issuer_and_source()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct("client", more: new JsonObject { ["sans"] = new JsonArray("www.Example.test") }));
        await authority.IssueAsync(SomeRequests.Direct("server", more: new JsonObject { ["purposes"] = new JsonArray("server_auth"), ["sans"] = new JsonArray("*.example.test", new JsonObject { ["type"] = "IP_ADDRESS", ["value"] = "10.0.0.7" }) }));
        authority.Ledger.Plant(Some.Record("unreadable") with { IssuerKeyId = null });
        var inventory = new CertificateInventory(authority.Ledger);
        string keyId = authority.Issued.First().IssuerKeyId!;

        async Task<string> Find(InventoryFilter filter) =>
            string.Join(' ', (await inventory.ListAsync(new InventoryQuery(filter), Now, Cancellation)).Rows.Select(row => row.CommonName));
        async Task<string> Issuer(string text) =>
            await Find(new InventoryFilter { IssuerKeyIds = await InventoryWords.IssuerKeysAsync(authority.Ledger, text, Cancellation) });

        Assert.Equal("client", await Find(new InventoryFilter { AlternativeName = "WWW.example.test" }));
        Assert.Equal("client server", await Find(new InventoryFilter { AlternativeName = "*.example.test" }));
        Assert.Equal("server", await Find(new InventoryFilter { AlternativeName = "10.0.0.7" }));
        Assert.Equal("", await Find(new InventoryFilter { AlternativeName = "example.test" }));
        Assert.Equal("server", await Find(new InventoryFilter { UsageOid = InventoryWords.UsageOf("server") }));
        Assert.Equal("client", await Find(new InventoryFilter { UsageOid = InventoryWords.UsageOf("client") }));
        Assert.Equal("client server", await Find(new InventoryFilter { Source = IssueSource.Direct }));
        Assert.Equal("", await Find(new InventoryFilter { Source = IssueSource.GitOps }));
        Assert.Equal("client server", await Issuer(TestAuthority.IssuingName));
        Assert.Equal("client server", await Issuer(string.Join(':', keyId.ToUpperInvariant().Chunk(2).Select(pair => new string(pair)))));
        Assert.Equal($"{TestAuthority.IssuingName} {TestAuthority.RootName}", await Issuer(TestAuthority.RootName));
        Assert.Empty(await InventoryWords.IssuerKeysAsync(authority.Ledger, "client", Cancellation));
        Assert.Empty(await InventoryWords.IssuerKeysAsync(authority.Ledger, "beef", Cancellation));
    }

    [Theory]
    [InlineData("1d", "2030-01-12 00:00:00")]
    [InlineData("30D", "2030-02-10 00:00:00")]
    [InlineData("2w", "2030-01-25 00:00:00")]
    [InlineData("1m", "2030-02-11 00:00:00")]
    [InlineData("14m", "2031-03-11 00:00:00")]
    [InlineData("100000d", "2303-10-28 00:00:00")]
    [InlineData("100000w", "3946-07-26 00:00:00")]
    [InlineData("100000m", "9999-12-31 23:59:59")]
    public void A_time_is_a_number_of_days_weeks_or_months(string text, string end) =>
        Assert.Equal(end, InventoryWords.EndOf(text, new(2030, 1, 11, 0, 0, 0, TimeSpan.Zero)) is { } found ? TableTime.Text(found) : null);

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("30")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("1.5d")]
    [InlineData("30 d")]
    [InlineData("30y")]
    [InlineData("100001d")]
    [InlineData("99999999999d")]
    public void Another_text_is_no_time(string text) => Assert.Null(InventoryWords.EndOf(text, Now));

    [Theory]
    [InlineData("client", ExtendedKeyUsage.ClientAuth)]
    [InlineData("server_auth", ExtendedKeyUsage.ServerAuth)]
    [InlineData("code_signing", "1.3.6.1.5.5.7.3.3")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("clients", null)]
    public void A_usage_is_a_short_name_a_name_of_requests_or_an_OID(string text, string? oid) => Assert.Equal(oid, InventoryWords.UsageOf(text));

    [Theory]
    [InlineData("www.example.test", "WWW.example.test", true)]
    [InlineData("*.example.test", "www.example.test", true)]
    [InlineData("*.example.test", "*.example.test", true)]
    [InlineData("*.example.test", "a.b.example.test", true)]
    [InlineData("*.example.test", "example.test", false)]
    [InlineData("www.*", "www.", true)]
    [InlineData("*a*b*", "xxaxbxxb", true)]
    [InlineData("*a*b", "xxaxbxxbx", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("**", "", true)]
    public void A_star_stands_for_any_characters(string pattern, string text, bool matches) => Assert.Equal(matches, WildcardText.Matches(pattern, text));

    private static Task<InventoryList> ListAsync(ICertificateLedger ledger, InventoryFilter filter) =>
        new CertificateInventory(ledger).ListAsync(new InventoryQuery(filter), Now, Cancellation);

    private void Plant(IEnumerable<CertificateRecord> records) => records.ToList().ForEach(rows.Plant);
}
