using System.Text.Json.Nodes;
using ServerlessCA.Contracts.Faults;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
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
            ["purposes"] = new JsonArray("client_auth", "walking"),
            ["extended_key_usages"] = new JsonArray("CODE_SIGNING", "SMART_CARD"),
        })));

        Assert.Equal(4, issued.Warnings.Count);
        Assert.Equal(4, JsonNode.Parse(issued.Json)!["Warnings"]!.AsArray().Count);
        Certificate certificate = authority.CertificateOf(issued.Record);
        Assert.Equal(["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.3"], certificate.ExtendedKeyUsages);
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

/// <summary>Lets every call of issuing and of a whole run fail in turn, lost or done but reported lost: nothing is lost, doubled
/// or handed out unrecorded, and the next run heals (contract 12.4).</summary>
public sealed class FaultTests
{
    public static TheoryData<Fault> Faults => [Fault.WriteLost, Fault.WriteDoneButReportedLost, Fault.ReadFailed];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_request_repeated_with_its_token_gets_one_certificate_whichever_call_failed(Fault fault)
    {
        for (int nth = 1; ; nth++)
        {
            TestAuthority authority = await TestAuthority.CreateAsync();
            JsonObject request = SomeRequests.Direct(more: new JsonObject { ["idempotency_token"] = "t", ["notify_issued"] = true });
            var plan = new FaultPlan(fault, nth);

            IssueOutcome? first = await TryIssueAsync(authority.Failing(plan), request);
            IssueOutcome again = await authority.IssueAsync(request);
            await authority.RunAsync();

            CertificateRecord row = Assert.Single(authority.Issued);
            Assert.IsType<IssueOutcome.Issued>(again);
            Assert.Contains(row.SerialNumber.ToString(), again.Json, StringComparison.Ordinal);
            Assert.True(first is null || first.Json == again.Json, $"call {nth}: two answers");
            Assert.Single(authority.Notifier.Delivered.Where(sent => sent.Subject == "Certificate Issued").Select(sent => sent.Id).Distinct());
            if (!plan.Happened)
            {
                Assert.True(nth > 3, "the plan never hit a call");
                return;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_run_that_failed_at_any_call_is_completed_by_the_next(Fault fault)
    {
        for (int nth = 1; ; nth++)
        {
            TestAuthority authority = TestAuthority.WithoutCas();
            PutFolder(authority);
            var plan = new FaultPlan(fault, nth);

            PipelineReport first = await new RunPipeline(authority.Failing(plan)).RunAsync(CancellationToken.None);
            authority.Clock.Advance(TimeSpan.FromHours(1));
            PipelineReport second = await authority.RunAsync();

            Assert.False(second.Failed, $"call {nth}: {string.Join("; ", second.Steps.Select(step => step.Message))}");
            Assert.Equal(["one.example.test", "two.example.test"], authority.Issued.Select(row => row.CommonName).Order());
            Assert.All(authority.Issued, row => Assert.True(Sent(authority, row), $"call {nth}: {row.CommonName} was never announced"));
            Assert.Single(authority.Ledger.Records, row => row.CommonName == TestAuthority.RootName);
            Assert.Single(authority.Ledger.Records, row => row.CommonName == TestAuthority.IssuingName);
            await PublishedFilesAgreeAsync(authority);
            if (!plan.Happened)
            {
                Assert.False(first.Failed);
                Assert.True(nth > 10, "the plan never hit a call");
                return;
            }
        }
    }

    [Fact]
    public async Task A_notifier_that_always_fails_changes_no_answer_and_its_events_are_delivered_later()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        JsonObject request = SomeRequests.Direct(more: new JsonObject { ["notify_issued"] = true });
        Deployment mute = authority.Deployment with { Notifier = new MuteNotifier() };

        Assert.IsType<IssueOutcome.Issued>(await TestAuthority.IssueAsync(mute, request));
        Assert.IsType<IssueOutcome.Refused>(await TestAuthority.IssueAsync(mute, request));
        Assert.Empty(authority.Told);

        await authority.RunAsync();
        Assert.Equal(["Certificate Issued", "Certificate Request Rejected"], authority.Told);
        await authority.RunAsync();
        Assert.Equal(2, authority.Told.Count());
    }

    private static async Task<IssueOutcome?> TryIssueAsync(Deployment deployment, JsonObject request)
    {
        try
        {
            return await TestAuthority.IssueAsync(deployment, request);
        }
        catch (Exception fault) when (Core.Pipeline.Faults.IsFault(fault))
        {
            return null;
        }
    }

    private static void PutFolder(TestAuthority authority) => authority.Internal
        .With("tls.json", new JsonArray(SomeRequests.Entry("one.example.test", "one.csr"), SomeRequests.Entry("two.example.test", "two.csr")).ToJsonString())
        .With("csrs/one.csr", SomeRequests.Csr())
        .With("csrs/two.csr", SomeRequests.Csr());

    private static bool Sent(TestAuthority authority, CertificateRecord row) =>
        authority.Notifier.Delivered.Any(sent => sent.Id == $"issued-{row.SerialNumber}");

    private static async Task PublishedFilesAgreeAsync(TestAuthority authority)
    {
        foreach (string name in (string[])[TestAuthority.RootName, TestAuthority.IssuingName])
        {
            string pem = authority.Ledger.Records.Single(row => row.CommonName == name).CertificatePem;
            ReadOnlyMemory<byte> published = (await authority.Published.ReadAsync($"{name}.crt", CancellationToken.None))!.Content;
            Assert.Equal(pem, System.Text.Encoding.ASCII.GetString(published.Span));
            Assert.NotNull(await authority.Published.ReadAsync($"{name}.cer", CancellationToken.None));
            Assert.NotNull(await authority.Published.ReadAsync($"{name}.crl", CancellationToken.None));
            Assert.NotNull(await authority.Published.ReadAsync($"{name}.crl.pem", CancellationToken.None));
        }
    }

    private sealed class MuteNotifier : Core.Ports.INotifier
    {
        public Task DeliverAsync(Core.Notifications.Notification notification, CancellationToken cancellation) =>
            throw new Core.Ports.NotDeliveredException("nobody listens");
    }
}
