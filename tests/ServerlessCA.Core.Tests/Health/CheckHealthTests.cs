using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Health;

public sealed class CheckHealthTests
{
    private const string Root = TestAuthority.RootName;
    private const string Issuing = TestAuthority.IssuingName;

    [Fact]
    public async Task After_a_good_run_everything_is_good()
    {
        TestAuthority authority = await RunningAsync();
        await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { ["lifetime"] = 90, ["notify_expiry"] = true }));

        IReadOnlyList<HealthFinding> findings = await new CheckHealth(authority.Deployment).RunAsync(CancellationToken.None);

        Assert.All(findings, finding => Assert.Equal(HealthLevel.Good, finding.Level));
        Assert.Equal(
            [Root, Root + " key", Root + ".crt", Root + ".cer", Root + ".crl", "crl/" + Root + ".crl", Issuing, Issuing + " key", Issuing + ".crt", Issuing + ".cer", Issuing + ".crl", "crl/" + Issuing + ".crl", "OCSP signing", "certificates", "reservations", "notifications"],
            findings.Select(finding => finding.Check));
    }

    [Fact]
    public async Task Without_CAs_both_are_critical()
    {
        Deployment empty = TestAuthority.WithoutCas().Deployment;

        Assert.Equal(HealthLevel.Critical, (await FindAsync(empty, Root)).Level);
        Assert.Equal(HealthLevel.Critical, (await FindAsync(empty, Issuing)).Level);
    }

    [Theory]
    [InlineData(0, HealthLevel.Good, "good until")]
    [InlineData(82_635, HealthLevel.Good, "good until")] // 95 % of 87,300 seconds, 300 of them before it was made
    [InlineData(82_636, HealthLevel.Critical, "good only until")]
    [InlineData(87_000, HealthLevel.Critical, "out of date")]
    [InlineData(-301, HealthLevel.Critical, "ahead of the clock")]
    public async Task A_CRL_is_critical_past_95_percent_of_its_life(int age, HealthLevel level, string message)
    {
        TestAuthority authority = await RunningAsync();

        HealthFinding finding = await FindAsync(At(authority, TimeSpan.FromSeconds(age)), Issuing + ".crl");

        Assert.Equal(level, finding.Level);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_CRL_failed_entries_and_a_missing_or_other_copy_are_seen()
    {
        TestAuthority authority = await RunningAsync();
        authority.Copies.Remove(SomeRevocations.CopyKey);
        Assert.Equal(HealthLevel.Warning, (await FindAsync(authority.Deployment, SomeRevocations.CopyKey)).Level);
        await authority.Copies.DamageAsync(SomeRevocations.CopyKey);
        Assert.Equal(HealthLevel.Warning, (await FindAsync(authority.Deployment, SomeRevocations.CopyKey)).Level);

        authority.Copies.Remove(SomeRevocations.CopyKey);
        await authority.Published.DamageAsync(SomeRevocations.CrlKey, SomeRevocations.CrlKey + ".pem");
        Assert.Equal(HealthLevel.Critical, (await FindAsync(authority.Deployment, SomeRevocations.CopyKey)).Level);
        Assert.Contains("is not a CRL of this CA", (await FindAsync(authority.Deployment, SomeRevocations.CrlKey)).Message, StringComparison.Ordinal);

        authority.List(SomeRevocations.Entry("nobody", "1"));
        await authority.RunAsync();
        IReadOnlyList<HealthFinding> found = await new CheckHealth(authority.Deployment).RunAsync(CancellationToken.None);
        Assert.Equal(HealthLevel.Critical, found.Single(finding => finding.Check == "revoked.json").Level);
        Assert.Contains(found, finding => finding.Check == SomeRevocations.CrlKey && finding.Level == HealthLevel.Critical
            && finding.Message.Contains("crl accept", StringComparison.Ordinal));

        authority.List();
        await (await MendCrl.OfAllAsync(authority.Deployment, CancellationToken.None))[1].AcceptAsync(CancellationToken.None);
        await authority.RunAsync();
        Assert.All(await new CheckHealth(authority.Deployment).RunAsync(CancellationToken.None), finding => Assert.NotEqual(HealthLevel.Critical, finding.Level));
    }

    [Theory]
    [InlineData(0.949, HealthLevel.Good, "days left")]
    [InlineData(0.951, HealthLevel.Critical, "replace it in time")]
    [InlineData(1.0, HealthLevel.Critical, "issues nothing any more")]
    public async Task A_CA_is_critical_past_95_percent_of_its_life(double share, HealthLevel level, string message)
    {
        TestAuthority authority = await RunningAsync();
        CertificateRecord row = authority.Ledger.Records.Single(row => row.CommonName == Issuing);
        DateTimeOffset then = row.Issued + ((row.Expires - row.Issued) * share);

        HealthFinding finding = await FindAsync(At(authority, then - authority.Clock.GetUtcNow()), Issuing);

        Assert.Equal(level, finding.Level);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CA_key_that_is_gone_or_another_is_critical()
    {
        TestAuthority authority = await RunningAsync();
        Deployment without = authority.Deployment with { Keys = new MemoryKeys().With(Issuing, KeySpec.EccNistP256) };

        HealthFinding gone = await FindAsync(without, Root + " key");
        HealthFinding another = await FindAsync(without, Issuing + " key");

        Assert.Equal((HealthLevel.Critical, HealthLevel.Critical), (gone.Level, another.Level));
        Assert.Contains("there is no key", gone.Message, StringComparison.Ordinal);
        Assert.Contains("does not match its certificate", another.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_CA_is_critical()
    {
        TestAuthority authority = await RunningAsync();
        CertificateRecord row = authority.Ledger.Records.Single(row => row.CommonName == Issuing);
        authority.Internal.With("revoked-root-ca.json", $$"""[{"common_name":"{{Issuing}}","serial_number":"{{row.SerialNumber}}"}]""");
        await authority.RunAsync();

        HealthFinding finding = await FindAsync(authority.Deployment, Issuing);

        Assert.Equal(HealthLevel.Critical, finding.Level);
        Assert.Contains("was revoked", finding.Message, StringComparison.Ordinal);
        Assert.Equal(HealthLevel.Good, (await FindAsync(authority.Deployment, Root)).Level);
    }

    [Theory]
    [InlineData(".crt", "is not the CA's certificate")]
    [InlineData(".cer", "is not the CA's certificate")]
    [InlineData(".crl", "is not a CRL of this CA")]
    public async Task A_file_of_another_CA_in_place_of_ours_is_critical(string form, string message)
    {
        TestAuthority authority = await RunningAsync();
        TestAuthority stranger = await RunningAsync();
        await authority.Published.PublishAsync(stranger.Published.Files[Issuing + form], IPublishedFiles.AnyVersion, CancellationToken.None);

        HealthFinding finding = await FindAsync(authority.Deployment, Issuing + form);

        Assert.Equal(HealthLevel.Critical, finding.Level);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_were_never_published_are_critical()
    {
        TestAuthority authority = await RunningAsync();
        Deployment empty = authority.Deployment with { PublishedFiles = TestAuthority.WithoutCas().Published };

        foreach (string form in (string[])[".crt", ".cer", ".crl"])
        {
            Assert.Equal(HealthLevel.Critical, (await FindAsync(empty, Root + form)).Level);
        }
    }

    [Fact]
    public async Task A_ledger_that_is_behind_its_CRL_is_critical()
    {
        TestAuthority authority = await RunningAsync();
        CertificateRecord row = authority.Ledger.Records.Single(row => row.CommonName == Issuing);
        authority.Ledger.Plant(row with { CrlNumber = 0 });

        HealthFinding finding = await FindAsync(authority.Deployment, Issuing + ".crl");

        Assert.Equal((HealthLevel.Critical, "has number 1, the ledger only 0: was an old backup restored?"), (finding.Level, finding.Message));
    }

    [Fact]
    public async Task Certificates_to_remind_of_that_expire_soon_are_counted_and_revoked_ones_are_not()
    {
        TestAuthority authority = await RunningAsync();
        foreach (int lifetime in (int[])[1, 30, 31, 30])
        {
            await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { ["lifetime"] = lifetime, ["notify_expiry"] = true }));
        }

        CertificateRecord last = authority.Issued.Last();
        await new RevokeCertificate(authority.Deployment).RunAsync(new RowId(last.CommonName, last.SerialNumber), RevocationReason.Superseded, CancellationToken.None);

        HealthFinding fresh = await FindAsync(authority.Deployment, "certificates");
        HealthFinding later = await FindAsync(At(authority, TimeSpan.FromDays(16)), "certificates");

        Assert.Equal((HealthLevel.Good, "none to remind of expires soon"), (fresh.Level, fresh.Message)); // half of their lives is to come (contract 12.29)
        Assert.Equal((HealthLevel.Warning, "2 to remind of expire within 30 days: 'serverless-ca list --valid --expires-within 30d' shows them"), (later.Level, later.Message));
    }

    [Fact]
    public async Task A_key_that_is_reserved_for_a_row_that_is_gone_is_a_warning()
    {
        TestAuthority authority = await RunningAsync();
        await authority.IssueAsync(SomeRequests.Direct());
        await authority.IssueAsync(SomeRequests.Direct("another.example.test"));
        Assert.Equal(HealthLevel.Good, (await FindAsync(authority.Deployment, "reservations")).Level);

        authority.Ledger.Lose(RowId.Of(authority.Issued.First()));
        HealthFinding finding = await FindAsync(authority.Deployment, "reservations");

        Assert.Equal(HealthLevel.Warning, finding.Level);
        Assert.StartsWith("1 keys are reserved for rows that are gone", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_table_is_read_once_and_no_row_is_read_alone(bool allowOcspSigning)
    {
        TestAuthority authority = await RunningAsync(settings => settings with { AllowOcspSigning = allowOcspSigning });
        foreach (string name in (string[])["a.example.test", "b.example.test", "c.example.test"])
        {
            await authority.IssueAsync(SomeRequests.Direct(name));
        }

        (ICertificateLedger ledger, InterceptedLedger watched) = InterceptedLedger.Over(authority.Ledger);
        await new CheckHealth(authority.Deployment with { Ledger = ledger }).RunAsync(CancellationToken.None);

        Assert.Single(watched.Calls, nameof(ICertificateLedger.ListAsync));
        Assert.Single(watched.Calls, nameof(ICertificateLedger.ListReservedAsync));
        Assert.DoesNotContain(nameof(ICertificateLedger.FindAsync), watched.Calls);
    }

    [Fact]
    public async Task That_rows_are_not_found_by_their_expiry_is_noticed()
    {
        TestAuthority authority = await RunningAsync();
        (ICertificateLedger ledger, _) = InterceptedLedger.Over(authority.Ledger, (method, given) =>
            method == nameof(ICertificateLedger.ListExpiringAsync) ? throw new LedgerUnavailableException("the index is missing") : given);

        await Assert.ThrowsAsync<LedgerUnavailableException>(() =>
            new CheckHealth(authority.Deployment with { Ledger = ledger }).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_reserved_key_of_a_revoked_CA_whose_row_was_deleted_to_make_it_anew_is_no_warning()
    {
        TestAuthority authority = await RunningAsync();
        CertificateRecord issuing = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName);
        var row = new RowId(issuing.CommonName, issuing.SerialNumber);
        await new RevokeCertificate(authority.Deployment).RunAsync(row, RevocationReason.CaCompromise, CancellationToken.None);
        authority.Ledger.Lose(row);

        Assert.Equal(HealthLevel.Good, (await FindAsync(authority.Deployment, "reservations")).Level);
    }

    [Fact]
    public async Task An_issuing_CA_that_a_root_made_anew_did_not_sign_is_critical()
    {
        TestAuthority authority = await RunningAsync();
        CertificateRecord root = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.RootName);
        authority.Ledger.Lose(new RowId(root.CommonName, root.SerialNumber));
        authority.Keys.With(TestAuthority.RootName, KeySpec.EccNistP384);
        await authority.RunAsync();

        IReadOnlyList<HealthFinding> findings = await new CheckHealth(authority.Deployment).RunAsync(CancellationToken.None);

        Assert.Contains(findings, finding => finding is { Level: HealthLevel.Critical, Check: TestAuthority.IssuingName }
            && finding.Message.StartsWith($"was not signed by {TestAuthority.RootName} as it is now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_that_wait_are_a_warning()
    {
        TestAuthority authority = await RunningAsync();
        await authority.Ledger.AddToOutboxAsync(new Notification("id", "Certificate Issued", "{}"), onceOnly: false, CancellationToken.None);

        HealthFinding finding = await FindAsync(authority.Deployment, "notifications");

        Assert.Equal(HealthLevel.Warning, finding.Level);
        Assert.StartsWith("1 wait to be delivered", finding.Message, StringComparison.Ordinal);
    }

    private static async Task<TestAuthority> RunningAsync(Func<CaSettings, CaSettings>? change = null)
    {
        TestAuthority authority = TestAuthority.WithoutCas(change);
        Assert.False((await authority.RunAsync()).Failed);
        return authority;
    }

    private static Deployment At(TestAuthority authority, TimeSpan later) =>
        authority.Deployment with { Clock = new FakeTimeProvider(authority.Clock.GetUtcNow() + later) };

    private static async Task<HealthFinding> FindAsync(Deployment deployment, string check) =>
        (await new CheckHealth(deployment).RunAsync(CancellationToken.None)).Single(finding => finding.Check == check);
}
