using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests contract 12.20: a key that was revoked once for compromise is never certified again.</summary>
public sealed class CompromisedKeyTests
{
    private const string Answer = """{"error":"Key has been reported as compromised","code":"key_compromised"}""";

    private readonly string csr = SomeRequests.Csr();

    [Theory]
    [InlineData(RevocationReason.KeyCompromise, false)]
    [InlineData(RevocationReason.KeyCompromise, true)]
    [InlineData(RevocationReason.CaCompromise, true)]
    public async Task A_compromised_key_is_refused_forced_or_not_and_under_any_name(RevocationReason reason, bool force)
    {
        TestAuthority authority = await RevokedAsync(reason);

        IssueOutcome same = await authority.IssueAsync(Request("client.example.test", force));
        IssueOutcome other = await authority.IssueAsync(Request("other.example.test", force));

        Assert.Equal((Answer, Answer), (same.Json, other.Json));
        Assert.Equal(2, authority.Told.Count(subject => subject == "Certificate Request Rejected"));
        Assert.Single(authority.Issued);
    }

    [Fact]
    public async Task The_refusal_outlives_the_row()
    {
        TestAuthority authority = await RevokedAsync(RevocationReason.KeyCompromise);
        CertificateRecord row = Assert.Single(authority.Issued);
        authority.Ledger.Lose(new RowId(row.CommonName, row.SerialNumber));

        Assert.Equal(Answer, (await authority.IssueAsync(Request("client.example.test", force: true))).Json);
    }

    [Fact]
    public async Task A_row_of_the_original_is_as_good_as_a_reservation()
    {
        TestAuthority authority = await RevokedAsync(RevocationReason.KeyCompromise);
        TestAuthority moved = await TestAuthority.CreateAsync();
        moved.Ledger.Plant(Assert.Single(authority.Issued) with { PublicKeyHash = null, IssuerKeyId = null });

        Assert.Equal(Answer, (await moved.IssueAsync(Request("client.example.test", force: true))).Json);
    }

    [Fact]
    public async Task An_old_reservation_remembers_nothing_and_its_row_counts_under_any_name()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(Request("client.example.test", force: false));
        authority.Ledger.Plant(Assert.Single(authority.Issued) with
        {
            Revoked = new CertificateRevocation(authority.Clock.GetUtcNow(), RevocationReason.KeyCompromise),
        });

        Assert.Equal(Answer, (await authority.IssueAsync(Request("other.example.test", force: true))).Json);
    }

    [Theory]
    [InlineData(RevocationReason.Unspecified)]
    [InlineData(RevocationReason.Superseded)]
    public async Task A_key_that_was_revoked_for_another_reason_may_be_forced(RevocationReason reason)
    {
        TestAuthority authority = await RevokedAsync(reason);

        Assert.Equal("Private key has already been used for a certificate",
            Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(Request("client.example.test", force: false))).Why.Message);
        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(Request("client.example.test", force: true)));
    }

    [Fact]
    public async Task A_graver_reason_given_later_counts()
    {
        TestAuthority authority = await RevokedAsync(RevocationReason.Superseded);
        await RevokeAsync(authority, RevocationReason.KeyCompromise);

        Assert.Equal(Answer, (await authority.IssueAsync(Request("client.example.test", force: true))).Json);
    }

    [Fact]
    public async Task A_forced_entry_of_a_GitOps_list_is_refused_too_and_announced_once()
    {
        TestAuthority authority = await RevokedAsync(RevocationReason.KeyCompromise);
        authority.Internal.With("csrs/a.csr", csr);
        JsonObject entry = SomeRequests.Entry("client.example.test", "a.csr", new JsonObject { ["force_issue"] = true });

        Assert.Equal(Answer, (await authority.IssueAsync(entry)).Json);
        Assert.Equal(Answer, (await authority.IssueAsync(entry)).Json);
        Assert.Single(authority.Told, subject => subject == "Certificate Request Rejected");
    }

    [Fact]
    public async Task A_revocation_that_comes_between_decision_and_write_is_noticed()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(Request("client.example.test", force: false));
        (ICertificateLedger late, _) = InterceptedLedger.Over(authority.Ledger, (method, given) =>
        {
            if (method == nameof(ICertificateLedger.FindKeyAsync))
            {
                return BeforeRevocationAsync((Task<KeyReservation?>)given!);
            }

            return given;
        });

        IssueOutcome outcome = await TestAuthority.IssueAsync(
            authority.Deployment with { Ledger = late }, Request("other.example.test", force: true));

        Assert.Equal(Answer, outcome.Json);
        Assert.Single(authority.Issued);

        async Task<KeyReservation?> BeforeRevocationAsync(Task<KeyReservation?> reading)
        {
            KeyReservation? before = await reading;
            await RevokeAsync(authority, RevocationReason.KeyCompromise);
            return before;
        }
    }

    private JsonObject Request(string name, bool force) => SomeRequests.Direct(name, csr, new JsonObject { ["force_issue"] = force });

    private async Task<TestAuthority> RevokedAsync(RevocationReason reason)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        await authority.IssueAsync(SomeRequests.Direct(csr: csr));
        await RevokeAsync(authority, reason);
        return authority;
    }

    private static Task<RevokeOutcome> RevokeAsync(TestAuthority authority, RevocationReason reason)
    {
        CertificateRecord row = authority.Issued.First();
        return new RevokeCertificate(authority.Deployment).RunAsync(new RowId(row.CommonName, row.SerialNumber), reason, CancellationToken.None);
    }
}
