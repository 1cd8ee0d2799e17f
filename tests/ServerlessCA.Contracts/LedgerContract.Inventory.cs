using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using Xunit;
using X509Request = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace ServerlessCA.Contracts;

// Lists page by page, and counts: a ledger that filters and sorts itself lists what one lists that is read row by row.
public abstract partial class LedgerContract
{
    private static readonly DateTimeOffset InventoryTime = Some.Time.AddDays(20).AddMilliseconds(500);

    // Names whose capitals, or whose order, stores treat in different ways.
    private static readonly string[] InventoryNames =
        ["a.example.test", "A.example.test", "b.example.test", "stra\u00dfe", "\u00e9", "\u212a", "\uffee", "\U0001f511", "100%_[a-z]*?", "a"];

    private static readonly string[] InventorySearches = ["a", "EXAMPLE", "\u00c9", "%", "_", "*", "k", "s", ""];

    private static readonly string[] AlternativeNamePatterns =
        ["www.example.test", "WWW.*", "*.example.test", "*", "*ample*", "w*t", "*.*.test", "10.0.0.7", "api.*.test", "**", "", "none", "a\nb", "*@*"];

    /// <summary>How many queries are compared; fewer where each is slow.</summary>
    protected virtual int InventoryQueries => 600;

    [Fact]
    public async Task Pages_joined_are_the_sorted_list_for_every_filter_and_order()
    {
        ICertificateLedger ledger = await OpenAsync();
        IReadOnlyList<CertificateRecord> rows = await AddInventoryAsync(ledger, count: 70);
        var inventory = new CertificateInventory(await OpenAsync());
        var random = new Random(16);
        int found = 0;
        for (int number = 0; number < InventoryQueries; number++)
        {
            InventoryFilter filter = number < Enum.GetValues<InventorySort>().Length ? new InventoryFilter() : DrawFilter(random);
            var sort = (InventorySort)(number % Enum.GetValues<InventorySort>().Length);
            InventoryRow[] expected =
            [
                .. rows.Where(row => filter.Takes(row, InventoryTime)).Select(row => InventoryRow.Of(row, InventoryTime)).Order(InventoryOrder.Of(sort)),
            ];

            InventoryList whole = await inventory.ListAsync(new InventoryQuery(filter) { Sort = sort }, InventoryTime, Cancellation);
            IReadOnlyList<InventoryRow> pages = await PagesAsync(inventory, filter, sort, limit: random.Next(1, 30), expected.Length);

            Assert.Equal(expected, whole.Rows);
            Assert.Equal((expected.Length, null), (whole.Count, whole.Next));
            Assert.Equal(expected, pages);
            found += expected.Length;
        }

        Assert.True(found > InventoryQueries); // else the draw would prove little
    }

    [Fact]
    public async Task A_row_that_is_added_between_two_pages_hides_and_repeats_no_other()
    {
        ICertificateLedger ledger = await OpenAsync();
        foreach (string name in (string[])["b", "d", "f", "h"])
        {
            await AddedAsync(ledger, Some.Record(name));
        }

        var inventory = new CertificateInventory(ledger);
        InventoryList first = await inventory.ListAsync(new InventoryQuery(new()) { Limit = 2 }, InventoryTime, Cancellation);
        await AddedAsync(ledger, Some.Record("a"));
        await AddedAsync(ledger, Some.Record("e"));
        Assert.True(InventoryCursor.TryParse(first.Next!, InventorySort.Name, out InventoryCursor? after));
        InventoryList second = await inventory.ListAsync(new InventoryQuery(new()) { Limit = 3, After = after }, InventoryTime, Cancellation);

        Assert.Equal(["b", "d"], first.Rows.Select(row => row.CommonName));
        Assert.Equal(["e", "f", "h"], second.Rows.Select(row => row.CommonName));
        Assert.Equal((4, 6, null), (first.Count, second.Count, second.Next));
    }

    [Fact]
    public async Task The_summary_counts_what_lists_of_the_same_status_count()
    {
        ICertificateLedger ledger = await OpenAsync();
        IReadOnlyList<CertificateRecord> rows = await AddInventoryAsync(ledger, count: 60);
        await AddedAsync(ledger, Some.Record("lapsed", 901) with { Expires = InventoryTime.AddDays(-27.9) });
        await AddedAsync(ledger, Some.Record("renewed", 902) with { Expires = Some.Time });
        await AddedAsync(ledger, Some.Record("renewed", 903) with { Expires = InventoryTime.AddDays(181) });
        var inventory = new CertificateInventory(ledger);
        async Task<int> Count(InventoryFilter filter) =>
            (await inventory.ListAsync(new InventoryQuery(filter) { Limit = 1 }, InventoryTime, Cancellation)).Count;

        InventorySummary summary = await inventory.SummarizeAsync(InventoryTime, Cancellation);

        Assert.Equal(
            (rows.Count + 3, await Count(new() { Valid = true }), await Count(new() { Expired = true }), await Count(new() { Revoked = true }), await Count(new() { Authorities = true })),
            (summary.Count, summary.Valid, summary.Expired, summary.Revoked, summary.Authorities));
        Assert.Equal((InventorySummary.Weeks, new DateOnly(2030, 1, 21), new DateOnly(2030, 7, 21)), (summary.Expiring.Count, summary.Expiring[0].From, summary.Expiring[^1].Until));
        foreach (ExpiringWeek week in summary.Expiring)
        {
            var from = new DateTimeOffset(week.From, TimeOnly.MinValue, TimeSpan.Zero);
            Assert.Equal(week.Count, await Count(new() { Valid = true, ExpiresFrom = from, ExpiresUntil = from.AddDays(7).AddSeconds(-1) }));
        }

        Assert.True(summary.Expiring[^1].Count > 0 && summary.Expiring.Sum(week => week.Count) > 10);
        Assert.Equal(
            rows.Where(row => !row.IsCa && row.Revoked is null).GroupBy(row => row.CommonName)
                .Count(name => name.Max(row => row.Expires) is var last && last < InventoryTime && last >= InventoryTime.AddDays(-28)) + 1,
            summary.Overdue);
    }

    [Fact]
    public async Task An_empty_ledger_has_an_empty_page_and_a_summary_of_zeros()
    {
        var inventory = new CertificateInventory(await OpenAsync());

        InventoryList list = await inventory.ListAsync(new InventoryQuery(new() { AlternativeName = "a*b" }) { Limit = 5 }, InventoryTime, Cancellation);
        InventorySummary summary = await inventory.SummarizeAsync(InventoryTime, Cancellation);

        Assert.Equal((0, 0, null), (list.Count, list.Rows.Count, list.Next));
        Assert.Equal((0, 0, 0), (summary.Count, summary.Overdue, summary.Expiring.Sum(week => week.Count)));
    }

    [Fact]
    public async Task A_pattern_of_many_stars_finds_what_it_matches()
    {
        ICertificateLedger ledger = await OpenAsync();
        IReadOnlyList<CertificateRecord> rows = await AddInventoryAsync(ledger, count: 8);
        var inventory = new CertificateInventory(await OpenAsync());
        string letters = string.Join('*', "www.example.test".ToCharArray());
        string[] matching = [letters, $"*{letters}*", new string('*', 2000)];
        string[] others = [$"{letters}*w", string.Join('*', Enumerable.Range(0, 2000))];
        foreach (string pattern in matching.Concat(others))
        {
            var filter = new InventoryFilter { AlternativeName = pattern };
            int count = (await inventory.ListAsync(new InventoryQuery(filter) { Limit = 1 }, InventoryTime, Cancellation)).Count;

            Assert.Equal(rows.Count(row => filter.Takes(row, InventoryTime)), count);
            Assert.Equal(matching.Contains(pattern), count > 0);
        }
    }

    private async Task<IReadOnlyList<InventoryRow>> PagesAsync(CertificateInventory inventory, InventoryFilter filter, InventorySort sort, int limit, int count)
    {
        var joined = new List<InventoryRow>();
        InventoryCursor? after = null;
        InventoryList page;
        do
        {
            page = await inventory.ListAsync(new InventoryQuery(filter) { Sort = sort, Limit = limit, After = after }, InventoryTime, Cancellation);
            Assert.Equal(count, page.Count);
            Assert.InRange(page.Rows.Count, 0, limit);
            joined.AddRange(page.Rows);
            Assert.True(page.Next is null || InventoryCursor.TryParse(page.Next, sort, out after));
        }
        while (page.Next is not null);
        return joined;
    }

    private static async Task<IReadOnlyList<CertificateRecord>> AddInventoryAsync(ICertificateLedger ledger, int count)
    {
        var random = new Random(61);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string[] certificates = [.. Enumerable.Range(0, 8).Select(kind => InventoryCertificate(key, kind)), Some.Pem("no certificate")];
        var rows = new List<CertificateRecord>();
        for (int serial = 1; serial <= count; serial++)
        {
            DateTimeOffset expires = InventoryTime.AddDays(random.Next(-40, 200));
            CertificateRecord row = Some.Record(InventoryNames[random.Next(InventoryNames.Length)], random.Next(3) == 0 ? serial : 1_000_000 + serial) with
            {
                Issued = Some.Time.AddDays(random.Next(3)),
                Expires = TableTime.WholeSeconds(random.Next(6) == 0 ? InventoryTime : random.Next(6) == 0 ? InventoryTime.AddSeconds(1) : expires),
                CertificatePem = certificates[random.Next(certificates.Length)],
                Revoked = random.Next(4) == 0 ? new CertificateRevocation(Some.Time.AddDays(random.Next(3)), RevocationReason.Superseded) : null,
                CrlNumber = random.Next(8) == 0 ? 0 : null,
                IssuerKeyId = random.Next(3) switch { 0 => null, 1 => "0a0a", _ => "0b0b" },
                Source = random.Next(3) switch { 0 => IssueSource.GitOps, 1 => IssueSource.Direct, _ => null },
            };
            rows.Add(await AddedAsync(ledger, row));
        }

        // What changes later counts as it is then.
        for (int place = 0; place < rows.Count; place += 9)
        {
            var later = new CertificateRevocation(Some.Time.AddDays(5), RevocationReason.KeyCompromise);
            await ledger.RevokeAsync(RowId.Of(rows[place]), later, null, null, Cancellation);
            rows[place] = rows[place] with { Revoked = later.After(rows[place].Revoked) };
        }

        return rows;
    }

    private static string InventoryCertificate(ECDsa key, int kind)
    {
        var request = new X509Request("CN=any", key, HashAlgorithmName.SHA256);
        if (kind % 4 != 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("www.example.test");
            names.AddDnsName(kind % 4 == 1 ? "api.Example.test" : "*.other.test");
            names.AddIpAddress(new System.Net.IPAddress([10, 0, 0, (byte)(5 + kind)]));
            names.AddEmailAddress("who@example.test");
            request.CertificateExtensions.Add(names.Build());
        }

        if (kind % 3 != 0)
        {
            string[] usages = kind % 3 == 1 ? [ExtendedKeyUsage.OfPurpose("server_auth")!] : [ExtendedKeyUsage.OfPurpose("client_auth")!, ExtendedKeyUsage.OfPurpose("server_auth")!];
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(OidsOf(usages), critical: false));
        }

        if (kind % 2 == 0)
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier([0x0a, 0x0a]));
        }

        using X509Certificate2 certificate = request.CreateSelfSigned(Some.Time, Some.Time.AddDays(30));
        return certificate.ExportCertificatePem() + "\n";
    }

    private static OidCollection OidsOf(IEnumerable<string> usages)
    {
        var oids = new OidCollection();
        foreach (string usage in usages)
        {
            oids.Add(new Oid(usage));
        }

        return oids;
    }

    private static InventoryFilter DrawFilter(Random random)
    {
        T? Maybe<T>(int oneOf, Func<T> draw)
            where T : class => random.Next(oneOf) == 0 ? draw() : null;
        return new InventoryFilter
        {
            Name = Maybe(3, () => InventorySearches[random.Next(InventorySearches.Length)]),
            AlternativeName = Maybe(3, () => AlternativeNamePatterns[random.Next(AlternativeNamePatterns.Length)]),
            UsageOid = Maybe(4, () => ExtendedKeyUsage.OfPurpose(random.Next(2) == 0 ? "client_auth" : "server_auth")!),
            IssuerKeyIds = Maybe<IReadOnlySet<string>>(4, () => new HashSet<string>(random.Next(3) switch { 0 => ["0a0a"], 1 => ["0a0a", "0b0b"], _ => ["dead"] })),
            Source = random.Next(4) switch { 0 => IssueSource.GitOps, 1 => IssueSource.Direct, _ => null },
            Valid = random.Next(3) == 0,
            Expired = random.Next(4) == 0,
            Revoked = random.Next(4) == 0,
            Authorities = random.Next(5) == 0,
            ExpiresFrom = random.Next(4) == 0 ? InventoryTime.AddDays(random.Next(-30, 30)) : null,
            ExpiresUntil = random.Next(4) == 0 ? InventoryTime.AddDays(random.Next(0, 120)) : null,
        };
    }
}
