using ServerlessCA.Contracts;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Inventory;

public sealed class CertificateInventoryTests
{
    private static readonly DateTimeOffset Now = Some.Time.AddDays(10);

    private readonly MemoryLedger rows = new();
    private readonly CertificateInventory inventory;

    public CertificateInventoryTests() => inventory = new CertificateInventory(rows);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_has_its_certificates_the_newest_first_and_case_counts()
    {
        Plant(Some.Record("a", 1), Some.Record("a", 3) with { Issued = Some.Time.AddDays(2) }, Some.Record("a", 2) with { Issued = Some.Time.AddDays(1) }, Some.Record("A", 4));

        Assert.Equal([3, 2, 1], Serials(await inventory.FindByNameAsync("a", Cancellation)));
        Assert.Empty(await inventory.FindByNameAsync("b", Cancellation));
    }

    [Fact]
    public async Task A_text_is_a_name_first_and_else_a_serial_number_in_any_form()
    {
        Plant(Some.Record("16", 1), Some.Record("a", 16), Some.Record("b", 22));

        Assert.Equal([1], Serials(await inventory.FindByNameOrSerialAsync("16", Cancellation)));
        Assert.Equal([16], Serials(await inventory.FindByNameOrSerialAsync("0x10", Cancellation)));
        Assert.Equal([22], Serials(await inventory.FindByNameOrSerialAsync("22", Cancellation))); // decimal before hexadecimal
        Assert.Empty(await inventory.FindByNameOrSerialAsync("nobody", Cancellation));
    }

    [Fact]
    public async Task The_second_reading_of_a_serial_number_counts_only_if_nobody_has_the_first()
    {
        SerialReading tenOrSixteen = new(SerialNumber.Of(10), SerialNumber.Of(16));
        Plant(Some.Record("a", 16));
        Assert.Equal([16], Serials(await inventory.FindBySerialAsync(tenOrSixteen, Cancellation)));
        Assert.Equal(SerialNumber.Of(16), (await inventory.FindAsync("a", tenOrSixteen, Cancellation))?.SerialNumber);

        Plant(Some.Record("a", 10));
        Assert.Equal([10], Serials(await inventory.FindBySerialAsync(tenOrSixteen, Cancellation)));
        Assert.Equal(SerialNumber.Of(10), (await inventory.FindAsync("a", tenOrSixteen, Cancellation))?.SerialNumber);
        Assert.Null(await inventory.FindAsync("b", tenOrSixteen, Cancellation));
    }

    [Fact]
    public async Task A_key_leads_to_the_last_certificate_that_was_issued_for_it()
    {
        await rows.AddAsync(Some.Addition("a"), Cancellation);
        await rows.AddAsync(Some.Addition("b") with { Key = Some.Addition("a").Key, AllowUsedKey = true }, Cancellation);

        Assert.Equal("b", (await inventory.FindByKeyAsync(Some.Addition("a").Key!.Value, Cancellation))?.CommonName);
        Assert.Null(await inventory.FindByKeyAsync(Some.Key("nobody's"), Cancellation));
        rows.Lose(new RowId("b", SerialNumber.Of(1)));
        Assert.Null(await inventory.FindByKeyAsync(Some.Addition("a").Key!.Value, Cancellation));
    }

    [Fact]
    public async Task A_list_has_what_the_filter_takes_by_name_the_newest_first()
    {
        Plant(
            Some.Record("b.example.test", 1) with { Expires = Some.Time.AddDays(5) },
            Some.Record("B.example.test", 2) with { Revoked = new CertificateRevocation(Some.Time) },
            Some.Record("a.test", 3), Some.Record("a.test", 4) with { Issued = Some.Time.AddDays(1) }, Some.CaRecord("ca", 5));

        Assert.Equal([2, 4, 3, 1, 5], await ListAsync(new InventoryFilter()));
        Assert.Equal([2, 1], await ListAsync(new InventoryFilter { Name = "EXAMPLE" }));
        Assert.Equal([1], await ListAsync(new InventoryFilter { Expired = true }));
        Assert.Equal([2, 1], await ListAsync(new InventoryFilter { Expired = true, Revoked = true }));
        Assert.Equal([4, 3, 5], await ListAsync(new InventoryFilter { Valid = true }));
        Assert.Equal([4, 3, 1, 5], await ListAsync(new InventoryFilter { Valid = true, Expired = true }));
        Assert.Equal([1], await ListAsync(new InventoryFilter { ExpiresUntil = Some.Time.AddDays(5) }));
        Assert.Equal([2, 4, 3, 5], await ListAsync(new InventoryFilter { ExpiresFrom = Some.Time.AddDays(5).AddSeconds(1) }));
        Assert.Equal(
            [CertificateStatus.Revoked, CertificateStatus.Valid, CertificateStatus.Valid, CertificateStatus.Expired, CertificateStatus.Authority],
            (await inventory.ListAsync(new InventoryQuery(new InventoryFilter()), Now, Cancellation)).Rows.Select(row => row.Status));
    }

    [Fact]
    public async Task A_look_up_of_one_certificate_never_reads_the_table()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct("a"));
        CertificateRecord row = authority.Issued.Single();
        (ICertificateLedger ledger, InterceptedLedger watched) = InterceptedLedger.Over(authority.Ledger);
        var watching = new CertificateInventory(ledger);

        await watching.FindByNameOrSerialAsync("a", Cancellation);
        await watching.FindByNameOrSerialAsync(row.SerialNumber.ToString(), Cancellation);
        await watching.FindAsync("a", new SerialReading(row.SerialNumber, null), Cancellation);
        await watching.FindByKeyAsync(ReservedKey.Of(row)!.Value, Cancellation);
        await IssuerChain.OfAsync(ledger, authority.Settings.Names, row, Cancellation);
        Deployment deployment = authority.Deployment with { Ledger = ledger };
        Assert.IsType<IssueOutcome.Issued>(await TestAuthority.IssueAsync(deployment, SomeRequests.Direct("b")));
        Assert.Equal(RevokeOutcome.Revoked, await new RevokeCertificate(deployment).RunAsync(RowId.Of(row), RevocationReason.Superseded, Cancellation));

        Assert.All(watched.Calls, call => Assert.DoesNotContain("List", call, StringComparison.Ordinal));
        Assert.Equal(0, watched.RowsStreamed);
    }

    [Fact]
    public async Task A_chain_has_the_CAs_whose_keys_really_signed_up_to_the_root()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct("a"));

        async Task<string> Of(string name) => string.Join(" < ", (await IssuerChain.OfAsync(
            authority.Ledger, authority.Settings.Names, authority.Ledger.Records.Single(row => row.CommonName == name), Cancellation))
                .Select(ca => authority.Ledger.Records.Single(row => row.SerialNumber == ca.SerialNumber).CommonName));

        Assert.Equal($"{TestAuthority.IssuingName} < {TestAuthority.RootName}", await Of("a"));
        Assert.Equal(TestAuthority.RootName, await Of(TestAuthority.IssuingName));
        Assert.Equal("", await Of(TestAuthority.RootName));
    }

    [Fact]
    public async Task Facts_are_what_stands_in_the_certificate()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct("a"));
        CertificateRecord row = authority.Issued.Single();
        Certificate certificate = authority.CertificateOf(row);

        var facts = CertificateFacts.Of(certificate);

        Assert.Equal((row.SerialNumber, row.Issued, row.Expires), (facts.SerialNumber, facts.NotBefore, facts.NotAfter));
        Assert.Equal(Convert.ToHexString(row.SerialNumber.Value.ToByteArray(isUnsigned: true, isBigEndian: true)), facts.SerialNumberHex.Replace(":", "", StringComparison.Ordinal));
        Assert.StartsWith("CN=a", facts.Subject, StringComparison.Ordinal);
        Assert.Equal(certificate.PublicKey, facts.Key);
        Assert.Equal(certificate.Extensions.Select(extension => extension.Oid), facts.Extensions.Select(extension => extension.Oid));
        Assert.Equal((95, 59), (facts.Sha256.Length, facts.Sha1.Length)); // 32 and 20 octets with colons
    }

    private void Plant(params CertificateRecord[] records) => Array.ForEach(records, rows.Plant);

    private async Task<IEnumerable<long>> ListAsync(InventoryFilter filter) =>
        (await inventory.ListAsync(new InventoryQuery(filter), Now, Cancellation)).Rows.Select(row => (long)row.SerialNumber.Value);

    private static IEnumerable<long> Serials(IEnumerable<CertificateRecord> found) => found.Select(row => (long)row.SerialNumber.Value);
}
