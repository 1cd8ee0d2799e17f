using System.Text.Json.Nodes;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

public sealed class IssueCertificateTests
{
    [Fact]
    public async Task A_good_request_is_issued_stored_and_answered_with_the_stored_certificate()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct()));

        CertificateRecord row = Assert.Single(authority.Issued);
        JsonNode answer = JsonNode.Parse(issued.Json)!;
        Assert.Equal(row.SerialNumber.ToString(), answer["CertificateInfo"]!["SerialNumber"]!.GetValue<string>());
        Assert.Equal(SomeRequests.Base64(row.CertificatePem), answer["Base64Certificate"]!.GetValue<string>());
        Assert.Equal("CN=client.example.test", answer["Subject"]!.GetValue<string>());
        Assert.Null(answer["Warnings"]);
        Assert.Empty(authority.Told);
    }

    [Fact]
    public async Task Of_many_concurrent_requests_with_one_key_exactly_one_wins()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string csr = SomeRequests.Csr();

        IssueOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(index =>
            Task.Run(() => authority.IssueAsync(SomeRequests.Direct($"host{index % 4}.example.test", csr)))));

        Assert.Single(outcomes.OfType<IssueOutcome.Issued>());
        Assert.All(outcomes.OfType<IssueOutcome.Refused>(), refused => Assert.Equal(RejectionCode.KeyUsed, refused.Why.Code));
        Assert.Single(authority.Issued);
    }

    [Fact]
    public async Task A_used_key_is_refused_under_another_name_unless_forced()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string csr = SomeRequests.Csr();
        await authority.IssueAsync(SomeRequests.Direct("one.example.test", csr));

        var refused = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(SomeRequests.Direct("two.example.test", csr)));
        IssueOutcome forced = await authority.IssueAsync(SomeRequests.Direct("two.example.test", csr, new JsonObject { ["force_issue"] = true }));

        Assert.Equal("""{"error":"Private key has already been used for a certificate","code":"key_used"}""", refused.Json);
        Assert.IsType<IssueOutcome.Issued>(forced);
        Assert.Equal(["Certificate Request Rejected"], authority.Told);
    }

    [Fact]
    public async Task A_key_in_a_row_of_the_original_without_a_reservation_is_refused()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string csr = SomeRequests.Csr();
        await authority.IssueAsync(SomeRequests.Direct(csr: csr));
        CertificateRecord old = Assert.Single(authority.Issued) with { PublicKeyHash = null, IssuerKeyId = null };

        TestAuthority moved = await TestAuthority.CreateAsync();
        moved.Ledger.Plant(old);

        Assert.IsType<IssueOutcome.Refused>(await moved.IssueAsync(SomeRequests.Direct(csr: csr)));
    }

    [Theory]
    [InlineData("serverless-root-ca-dev")]
    [InlineData("SERVERLESS-Issuing-CA-dev")]
    public async Task The_names_of_the_CAs_are_reserved_whatever_the_case(string name)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var refused = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(SomeRequests.Direct(name)));

        Assert.Equal("""{"error":"Common name is reserved","code":"name_reserved"}""", refused.Json);
    }

    [Fact]
    public async Task A_certificate_never_outlives_its_issuer_and_an_expired_issuer_issues_nothing()
    {
        TestAuthority authority = await TestAuthority.CreateAsync(settings =>
            settings with { IssuingCaInfo = settings.IssuingCaInfo with { Lifetime = 10 } });

        var issued = Assert.IsType<IssueOutcome.Issued>(
            await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { ["lifetime"] = 365 })));
        Assert.Equal(authority.Clock.GetUtcNow().AddDays(10), issued.Record.Expires);

        authority.Clock.Advance(TimeSpan.FromDays(10));
        var refused = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(SomeRequests.Direct()));
        Assert.Equal(RejectionCode.CaNotUsable, refused.Why.Code);
        Assert.Contains("expired", refused.Why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_issuing_CA_issues_nothing_but_still_publishes_its_CRL()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        CertificateRecord issuing = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName);
        authority.Internal.With("revoked-root-ca.json", $$"""
            [{"common_name": "{{issuing.CommonName}}", "serial_number": "{{issuing.SerialNumber}}", "reason": "cACompromise"}]
            """);
        CrlOutcome root = await PublishCrl.OfRoot(authority.Deployment).RunAsync(CancellationToken.None);

        var refused = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(SomeRequests.Direct()));
        CrlOutcome own = await PublishCrl.OfIssuing(authority.Deployment).RunAsync(CancellationToken.None);

        Assert.Equal((1, 1), (root.EntryCount, root.NewlyRevoked));
        Assert.Contains("was revoked", refused.Why.Message, StringComparison.Ordinal);
        Assert.Equal(CrlStatus.Published, own.Status);
        Assert.Empty(authority.Issued);
    }

    [Fact]
    public async Task Notifications_carry_the_certificate_alone_even_when_a_bundle_is_answered()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        IssueOutcome outcome = await authority.IssueAsync(
            SomeRequests.Direct(more: new JsonObject { ["cert_bundle"] = true, ["notify_issued"] = true }));

        string sent = JsonNode.Parse(Assert.Single(authority.Notifier.Delivered).Json)!["Base64Certificate"]!.GetValue<string>();
        string answered = JsonNode.Parse(outcome.Json)!["Base64Certificate"]!.GetValue<string>();
        Assert.Equal(1, Blocks(sent));
        Assert.Equal(3, Blocks(answered));
    }

    [Fact]
    public async Task What_was_left_out_stands_in_Warnings()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject
        {
            ["sans"] = new JsonArray("good.example.test", "bad name", 5),
            ["purposes"] = new JsonArray("server_auth", "walking"),
            ["extended_key_usages"] = new JsonArray("CODE_SIGNING", "SMART_CARD"),
        })));

        Assert.Equal(4, issued.Warnings.Count);
        Assert.Equal(4, JsonNode.Parse(issued.Json)!["Warnings"]!.AsArray().Count);
        Certificate certificate = authority.CertificateOf(issued.Record);
        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.3"], certificate.ExtendedKeyUsages);
    }

    [Fact]
    public async Task Names_that_were_given_and_are_all_wrong_leave_no_alternative_name()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(
            await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { ["sans"] = new JsonArray("bad name") })));

        Assert.Null(authority.CertificateOf(issued.Record).Find("2.5.29.17"));
    }

    [Fact]
    public async Task A_private_key_that_somebody_sent_is_in_no_answer_and_no_notification()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string secret = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----\n";

        IssueOutcome outcome = await authority.IssueAsync(SomeRequests.Direct(csr: secret + SomeRequests.Csr()));

        Assert.IsType<IssueOutcome.Refused>(outcome);
        string sent = Assert.Single(authority.Notifier.Delivered).Json;
        Assert.Equal("", JsonNode.Parse(sent)!["Base64CSR"]!.GetValue<string>());
        Assert.DoesNotContain("MIGHAgEA", outcome.Json + sent, StringComparison.Ordinal);
    }

    private static int Blocks(string base64) => System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(base64))
        .Split("-----BEGIN CERTIFICATE-----").Length - 1;
}
