using System.Text;
using ServerlessCA.Contracts.Faults;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests contract 12.9: numbers never fall, and an older CRL never replaces a newer one.</summary>
public sealed class PublishCrlTests
{
    private const string Key = TestAuthority.IssuingName + ".crl";

    [Fact]
    public async Task Without_a_CA_nothing_is_published()
    {
        CrlOutcome outcome = await PublishAsync(TestAuthority.WithoutCas().Deployment);

        Assert.Equal(CrlStatus.NoCa, outcome.Status);
    }

    [Fact]
    public async Task A_foreign_CRL_or_any_other_file_in_its_place_is_replaced()
    {
        TestAuthority stranger = await TestAuthority.CreateAsync();
        await PublishAsync(stranger.Deployment);
        await PublishAsync(stranger.Deployment);
        foreach (ReadOnlyMemory<byte> content in (ReadOnlyMemory<byte>[])[stranger.Published.Files[Key].Content, "<html>"u8.ToArray()])
        {
            TestAuthority authority = await TestAuthority.CreateAsync();
            await authority.Published.PublishAsync(new PublishedFile(Key, "text/html", content), null, CancellationToken.None);

            CrlOutcome outcome = await PublishAsync(authority.Deployment);

            Assert.Equal((CrlStatus.Published, 1), (outcome.Status, outcome.Number));
            Assert.Equal(1, InPlace(authority).Number);
        }
    }

    [Fact]
    public async Task A_ledger_restored_from_a_backup_counts_on_from_the_CRL_in_place()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.Ledger.NextCrlNumberAsync(RowOf(authority), 40, CancellationToken.None);
        await PublishAsync(authority.Deployment);
        CertificateRecord row = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName);
        authority.Ledger.Plant(row with { CrlNumber = 3 });

        CrlOutcome outcome = await PublishAsync(authority.Deployment);

        Assert.Equal((CrlStatus.Published, 42), (outcome.Status, outcome.Number));
    }

    [Fact]
    public async Task A_newer_CRL_that_another_run_put_in_place_meanwhile_is_taken_over_before_it_is_replaced()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.Ledger.NextCrlNumberAsync(RowOf(authority), 40, CancellationToken.None);
        Deployment overtaken = authority.Deployment with { PublishedFiles = new OvertakenFiles(authority.Published, () => PublishAsync(authority.Deployment)) };

        CrlOutcome outcome = await PublishAsync(overtaken);

        Assert.Equal((CrlStatus.Published, 43), (outcome.Status, outcome.Number));
        Assert.Equal(43, InPlace(authority).Number);
        FormsAgree(authority);
    }

    // A schedule of its own publishes, too: it meets the pipeline.
    [Fact]
    public async Task Runs_that_meet_all_publish_and_no_number_comes_twice()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Deployment meeting = authority.Deployment with { PublishedFiles = new WaitingFiles(authority.Published, runs: 4) };

        CrlOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PublishAsync(meeting))));

        Assert.All(outcomes, outcome => Assert.Equal((CrlStatus.Published, false), (outcome.Status, outcome.Failed)));
        Assert.Equal(4, outcomes.Select(outcome => outcome.Number).Distinct().Count());
        Assert.Equal(outcomes.Max(outcome => outcome.Number), InPlace(authority).Number);
        FormsAgree(authority);
    }

    [Fact]
    public async Task That_a_CRL_is_in_place_is_reported_although_the_step_fails()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("revoked.json", "[");
        var sent = new List<long?>();

        CrlOutcome outcome = await PublishCrl.OfIssuing(authority.Deployment).RunAsync(crl => sent.Add(crl.Number), CancellationToken.None);

        Assert.True(outcome.Failed);
        Assert.Equal([1], sent);
    }

    [Fact]
    public async Task That_a_CRL_is_in_place_is_reported_although_the_ledger_fails_afterwards()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await PublishAsync(authority.Deployment);
        var sent = new List<long?>();
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(authority.Ledger, (_, given) =>
            sent.Count == 0 ? given : throw new LedgerUnavailableException("the table is away"));

        await Assert.ThrowsAsync<LedgerUnavailableException>(() =>
            PublishCrl.OfIssuing(authority.Deployment with { Ledger = ledger }).RunAsync(crl => sent.Add(crl.Number), CancellationToken.None));

        Assert.Equal([2], sent);
        Assert.Equal(2, InPlace(authority).Number);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_CRL_that_is_not_in_place_in_both_forms_is_not_reported(int nth)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Deployment failing = authority.Deployment with { PublishedFiles = new FaultyPublishedFiles(authority.Published, new FaultPlan(Fault.WriteLost, nth)) };

        await Assert.ThrowsAsync<FilesUnavailableException>(() =>
            PublishCrl.OfIssuing(failing).RunAsync(crl => Assert.Fail($"{crl.Number} was reported"), CancellationToken.None));
    }

    [Theory]
    [InlineData(Fault.WriteLost, 1)]
    [InlineData(Fault.WriteLost, 2)]
    [InlineData(Fault.WriteDoneButReportedLost, 1)]
    [InlineData(Fault.WriteDoneButReportedLost, 2)]
    public async Task After_a_publish_that_failed_half_way_the_next_one_has_a_higher_number_in_both_forms(Fault fault, int nth)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await PublishAsync(authority.Deployment);
        Deployment failing = authority.Deployment with { PublishedFiles = new FaultyPublishedFiles(authority.Published, new FaultPlan(fault, nth)) };
        await Assert.ThrowsAsync<FilesUnavailableException>(() => PublishAsync(failing));

        CrlOutcome outcome = await PublishAsync(authority.Deployment);

        Assert.Equal((CrlStatus.Published, 3), (outcome.Status, outcome.Number));
        Assert.Equal(3, InPlace(authority).Number);
        FormsAgree(authority);
    }

    [Fact]
    public async Task A_list_that_is_no_JSON_is_a_fault_of_the_list_and_the_CRL_is_published_with_what_the_ledger_knows()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct())).Record;
        await new RevokeCertificate(authority.Deployment).RunAsync(new RowId(row.CommonName, row.SerialNumber), RevocationReason.Superseded, CancellationToken.None);
        authority.Internal.With("revoked.json", "[");

        CrlOutcome outcome = await PublishAsync(authority.Deployment);

        Assert.Equal((CrlStatus.Published, 1), (outcome.Status, outcome.EntryCount));
        Assert.NotNull(outcome.ListFault);
    }

    [Fact]
    public async Task An_expired_certificate_revoked_in_the_second_of_a_CRL_is_on_the_next_and_leaves_after_it()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct())).Record;
        authority.Clock.Advance(TimeSpan.FromDays(31));
        await PublishAsync(authority.Deployment);
        await new RevokeCertificate(authority.Deployment).RunAsync(new RowId(row.CommonName, row.SerialNumber), RevocationReason.KeyCompromise, CancellationToken.None);

        authority.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await PublishAsync(authority.Deployment)).EntryCount);
        authority.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, (await PublishAsync(authority.Deployment)).EntryCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_listed_certificate_is_on_the_CRL_once_even_if_the_list_of_revoked_rows_does_not_show_it_yet(bool shown)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord row = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct())).Record;
        authority.Internal.With("revoked.json", $$"""[{"common_name": "{{row.CommonName}}", "serial_number": "{{row.SerialNumber}}"}]""");
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(authority.Ledger, (method, given) =>
            method == nameof(ICertificateLedger.ListRevokedAsync) && !shown ? AsyncEnumerable.Empty<CertificateRecord>() : given);

        CrlOutcome first = await PublishAsync(authority.Deployment with { Ledger = ledger });
        CrlOutcome second = await PublishAsync(authority.Deployment with { Ledger = ledger });

        Assert.Equal((1, 1), (first.NewlyRevoked, first.EntryCount));
        Assert.Equal((0, 1), (second.NewlyRevoked, second.EntryCount));
    }

    private static Task<CrlOutcome> PublishAsync(Deployment deployment) => PublishCrl.OfIssuing(deployment).RunAsync(CancellationToken.None);

    private static RowId RowOf(TestAuthority authority) => authority.Ledger.Records
        .Where(row => row.CommonName == TestAuthority.IssuingName).Select(row => new RowId(row.CommonName, row.SerialNumber)).Single();

    private static CertificateRevocationList InPlace(TestAuthority authority)
    {
        Assert.True(CertificateRevocationList.TryDecode(authority.Published.Files[Key].Content, out CertificateRevocationList? crl));
        return crl;
    }

    private static void FormsAgree(TestAuthority authority) => Assert.Equal(
        Encoding.ASCII.GetString(InPlace(authority).Pem()), Encoding.ASCII.GetString(authority.Published.Files[Key + ".pem"].Content.Span));

    /// <summary>Lets the first runs write only when each of them has read.</summary>
    private sealed class WaitingFiles(IPublishedFiles inner, int runs) : IPublishedFiles
    {
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int arrived;

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => inner.ReadAsync(key, cancellation);

        public async Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation)
        {
            if (Interlocked.Increment(ref arrived) == runs)
            {
                all.SetResult();
            }

            await all.Task;
            return await inner.PublishAsync(file, expected, cancellation);
        }
    }

    /// <summary>Lets another run write its own file just before the first file is published.</summary>
    private sealed class OvertakenFiles(IPublishedFiles inner, Func<Task> other) : IPublishedFiles
    {
        private bool happened;

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) => inner.ReadAsync(key, cancellation);

        public async Task<bool> PublishAsync(PublishedFile file, string? expected, CancellationToken cancellation)
        {
            if (!happened)
            {
                happened = true;
                await other();
            }

            return await inner.PublishAsync(file, expected, cancellation);
        }
    }
}

public sealed class CrlNumberTests
{
    [Fact]
    public async Task What_was_revoked_before_the_number_was_taken_is_on_the_CRL_of_that_number()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct());
        CertificateRecord row = Assert.Single(authority.Issued);
        ICertificateLedger ledger = new RevokingLedger(authority, row);

        await PublishCrl.OfIssuing(authority.Deployment with { Ledger = ledger }).RunAsync(TestContext.Current.CancellationToken);

        StoredFile? file = await authority.Published.ReadAsync($"{TestAuthority.IssuingName}.crl", TestContext.Current.CancellationToken);
        Assert.True(CertificateRevocationList.TryDecode(file!.Content, out CertificateRevocationList? crl));
        Assert.Equal([row.SerialNumber], crl.Entries().Select(entry => entry.SerialNumber));
    }

    [Fact]
    public async Task The_CRL_that_has_to_name_a_certificate_is_that_of_its_issuer()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct());

        foreach (CertificateRecord row in authority.Ledger.Records)
        {
            PublishCrl? publish = await PublishCrl.FindForAsync(authority.Deployment, row, TestContext.Current.CancellationToken);
            Assert.Equal(row.IsCa ? $"{TestAuthority.RootName}.crl" : $"{TestAuthority.IssuingName}.crl", publish?.FileKey);
            Assert.Null(await PublishCrl.FindForAsync(
                authority.Deployment, row with { IssuerKeyId = "00" }, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task The_root_CA_is_not_revoked()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord root = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.RootName);

        await Assert.ThrowsAsync<ArgumentException>(() => new RevokeCertificate(authority.Deployment).RunAsync(
            new RowId(root.CommonName, root.SerialNumber), RevocationReason.KeyCompromise, TestContext.Current.CancellationToken));

        Assert.All(authority.Ledger.Records, row => Assert.Null(row.Revoked));
    }
}

/// <summary>Is a ledger in which another process revokes a certificate just before this one gets a CRL number.</summary>
internal sealed class RevokingLedger(TestAuthority authority, CertificateRecord row) : ForwardingLedger(authority.Ledger)
{
    public override async Task<long> NextCrlNumberAsync(RowId ca, long atLeast, CancellationToken cancellation)
    {
        await new RevokeCertificate(authority.Deployment).RunAsync(RowId.Of(row), RevocationReason.KeyCompromise, cancellation);
        return await Inner.NextCrlNumberAsync(ca, atLeast, cancellation);
    }
}
