using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Revocation;

/// <summary>Tests that a run reads each thing once.</summary>
public sealed class CrlReaderTests
{
    [Fact]
    public async Task A_CRL_that_stands_in_several_files_and_forms_is_parsed_and_verified_once()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.PublishAsync();
        var reader = new CrlReader(KeyOf(authority));

        CertificateRevocationList? first = reader.Read(authority.Published.Files[SomeRevocations.CrlKey].Content);

        Assert.NotNull(first);
        Assert.Same(first, reader.Read(authority.Copies.Files[SomeRevocations.CopyKey].Content));
        Assert.Same(first, reader.Read(authority.Published.Files[SomeRevocations.CrlKey + ".pem"].Content));
        Assert.Null(reader.ReadDer(authority.Published.Files[SomeRevocations.CrlKey + ".pem"].Content));
    }

    [Fact]
    public async Task A_CRL_of_another_key_and_one_with_a_changed_octet_are_none_however_often_they_are_read()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.PublishAsync();
        TestAuthority stranger = await TestAuthority.CreateAsync();
        byte[] changed = authority.Crl().Der.ToArray();
        var reader = new CrlReader(KeyOf(authority));
        Assert.NotNull(reader.Read(authority.Crl().Der));
        changed[^1] ^= 1;

        for (int time = 0; time < 2; time++)
        {
            Assert.Null(reader.Read(changed));
            Assert.Null(new CrlReader(KeyOf(stranger)).Read(authority.Crl().Der));
        }
    }

    [Fact]
    public async Task A_run_reads_the_rows_of_its_CA_once_the_list_once_and_each_file_once_and_the_PEM_form_before_it_is_replaced()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.RevokedAsync();
        authority.List(SomeRevocations.EntryOf(row));
        await authority.PublishAsync();
        authority.Clock.Advance(TimeSpan.FromDays(1));
        (ICertificateLedger ledger, InterceptedLedger intercepted) = InterceptedLedger.Over(authority.Ledger);
        (var published, var copies, var lists) = (new CountingFiles(authority.Published), new CountingFiles(authority.Copies), new CountingLists(authority.Internal));

        await (authority.Deployment with { Ledger = ledger, PublishedFiles = published, CrlCopies = copies, InternalFiles = lists }).PublishAsync();

        Assert.Equal([SomeRevocations.CrlKey, SomeRevocations.CrlKey + ".pem"], published.Read);
        Assert.Equal([SomeRevocations.CopyKey], copies.Read);
        Assert.Equal(["revoked.json"], lists.Read);
        Assert.Equal(
            [
                nameof(ICertificateLedger.FindByNameAsync), nameof(ICertificateLedger.FindAsync), nameof(ICertificateLedger.FindMarkAsync),
                nameof(ICertificateLedger.NextCrlNumberAsync), nameof(ICertificateLedger.ListRevokedAsync), nameof(ICertificateLedger.FindMarkAsync),
                nameof(ICertificateLedger.AddHistoryAsync),
            ],
            intercepted.Calls);
    }

    [Fact]
    public async Task Certificates_of_other_keys_on_a_list_cost_one_look_at_the_rows_of_the_other_CA()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord[] foreign = [await authority.IssuedAsync(), await authority.IssuedAsync()];
        Array.ForEach(foreign, row => authority.Ledger.Plant(row with { IssuerKeyId = "00" }));
        authority.List([.. foreign.Select(SomeRevocations.EntryOf)]);
        (ICertificateLedger ledger, InterceptedLedger intercepted) = InterceptedLedger.Over(authority.Ledger);

        CrlOutcome outcome = await (authority.Deployment with { Ledger = ledger }).PublishAsync();

        Assert.Equal(2, outcome.Failures.Count);
        Assert.Equal(2, intercepted.Calls.Count(call => call == nameof(ICertificateLedger.FindByNameAsync)));
    }

    [Fact]
    public async Task The_certificate_of_a_row_is_decoded_once_whatever_becomes_of_the_row_and_equal_rows_stay_equal()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = await authority.IssuedAsync();
        CertificateRecord same = row with { };

        Assert.NotNull(row.Certificate);
        Assert.Same(row.Certificate, row.Certificate);
        Assert.Same(row.Certificate, (row with { Revoked = new CertificateRevocation(row.Issued) }).Certificate);
        Assert.Null((row with { CertificatePem = "damaged" }).Certificate);
        Assert.Equal((row, row.GetHashCode()), (same, same.GetHashCode()));
        Assert.NotEqual(row, row with { CertificatePem = "damaged" });
    }

    private static PublicKey KeyOf(TestAuthority authority) => authority.CertificateOf(authority.RowOf(TestAuthority.IssuingName)).PublicKey!;

    private sealed class CountingFiles(IPublishedFiles inner) : IPublishedFiles
    {
        public List<string> Read { get; } = [];

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
        {
            Read.Add(key);
            return inner.ReadAsync(key, cancellation);
        }

        public Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation) => inner.PublishAsync(file, expected, cancellation);
    }

    private sealed class CountingLists(IInternalFiles inner) : IInternalFiles
    {
        public List<string> Read { get; } = [];

        public string Location => inner.Location;

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation)
        {
            Read.Add(key);
            return inner.ReadAsync(key, cancellation);
        }
    }
}
