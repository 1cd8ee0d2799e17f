using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests that a request is decided first, that the decision can be shown, and that exactly this is done.</summary>
public sealed class IssueDecisionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deciding_changes_nothing_and_notifies_nobody()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/one.csr", SomeRequests.Csr());
        (ICertificateLedger ledger, InterceptedLedger watched) = InterceptedLedger.Over(authority.Ledger);
        var issue = new IssueCertificate(authority.Deployment with { Ledger = ledger });

        IssueDecision[] decisions =
        [
            await issue.DecideAsync(Read(SomeRequests.Entry("one.example.test", "one.csr")), Cancellation),
            await issue.DecideAsync(Read(SomeRequests.Direct(more: new JsonObject { ["idempotency_token"] = "t" })), Cancellation),
            await issue.DecideAsync(Read(SomeRequests.Direct(more: new JsonObject { ["lifetime"] = 0 })), Cancellation),
            await issue.DecideAsync(new CertificateRequest { CaChainOnly = true }, Cancellation),
        ];

        Assert.IsType<IssueDecision.Issue>(decisions[0]);
        Assert.IsType<IssueDecision.Issue>(decisions[1]);
        Assert.Equal(RejectionCode.LifetimeTooShort, Assert.IsType<IssueDecision.Refuse>(decisions[2]).Why.Code);
        Assert.Equal(TestAuthority.IssuingName, Assert.IsType<IssueDecision.ChainOnly>(decisions[3]).Issuing.Name);
        Assert.All(watched.Calls, call => Assert.Matches("^(Find|Recall|Happened)", call));
        Assert.Empty(authority.Issued);
        Assert.Empty(authority.Told);
    }

    [Fact]
    public async Task What_is_signed_is_what_was_shown_but_for_the_serial_number()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        var issue = new IssueCertificate(authority.Deployment);
        JsonObject more = new() { ["sans"] = new JsonArray("a.example.test", "no name"), ["lifetime"] = 7, ["organization"] = "Example" };

        var decision = Assert.IsType<IssueDecision.Issue>(await issue.DecideAsync(Read(SomeRequests.Direct(more: more)), Cancellation));
        authority.Clock.Advance(TimeSpan.FromSeconds(5));
        var outcome = Assert.IsType<IssueOutcome.Issued>(await issue.CarryOutAsync(decision, Cancellation));

        Certificate certificate = authority.CertificateOf(Assert.Single(authority.Issued));
        Assert.Equal(SerialNumber.Largest, decision.Template.SerialNumber);
        Assert.Equal(decision.TbsOf(certificate.SerialNumber), certificate.TbsDer.ToArray());
        Assert.Equal(decision.Warnings, outcome.Warnings);
        Assert.Equal(["a.example.test"], decision.Requested.Sans.Select(name => name.Text));
        Assert.Equal(outcome.Subject, decision.Subject.Name.ToString());
    }

    [Fact]
    public async Task An_entry_that_has_its_certificate_shows_it_and_a_repeated_token_too()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/one.csr", SomeRequests.Csr());
        CertificateRequest entry = Read(SomeRequests.Entry("one.example.test", "one.csr"));
        CertificateRequest direct = Read(SomeRequests.Direct(more: new JsonObject { ["idempotency_token"] = "t" }));
        var issue = new IssueCertificate(authority.Deployment);
        var first = Assert.IsType<IssueOutcome.Issued>(await issue.RunAsync(entry, Cancellation));
        var second = Assert.IsType<IssueOutcome.Issued>(await issue.RunAsync(direct, Cancellation));

        IssueDecision exists = await issue.DecideAsync(entry, Cancellation);
        IssueDecision repeats = await issue.DecideAsync(direct, Cancellation);

        Assert.Equal(first.Record.SerialNumber, Assert.IsType<IssueDecision.AlreadyIssued>(exists).Record?.SerialNumber);
        Assert.Equal(second.Record.SerialNumber, Assert.IsType<IssueDecision.Repeat>(repeats).Record.SerialNumber);
    }

    [Fact]
    public async Task A_decision_that_another_request_overtook_is_not_carried_out()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        var issue = new IssueCertificate(authority.Deployment);
        CertificateRequest request = Read(SomeRequests.Direct());
        IssueDecision first = await issue.DecideAsync(request, Cancellation);
        IssueDecision second = await issue.DecideAsync(request, Cancellation);

        Assert.IsType<IssueOutcome.Issued>(await issue.CarryOutAsync(first, Cancellation));
        var refused = Assert.IsType<IssueOutcome.Refused>(await issue.CarryOutAsync(second, Cancellation));

        Assert.Equal(RejectionCode.KeyUsed, refused.Why.Code);
        Assert.Single(authority.Issued);
    }

    // The caller heard nothing of its first call and repeats it while that is still on its way.
    [Fact]
    public async Task A_decision_that_a_call_with_the_same_token_overtook_answers_the_certificate_of_that_call()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        var issue = new IssueCertificate(authority.Deployment);
        CertificateRequest request = Read(SomeRequests.Direct(more: new JsonObject { ["idempotency_token"] = "t" }));
        IssueDecision first = await issue.DecideAsync(request, Cancellation);
        IssueDecision second = await issue.DecideAsync(request, Cancellation);

        var issued = Assert.IsType<IssueOutcome.Issued>(await issue.CarryOutAsync(first, Cancellation));
        var repeated = Assert.IsType<IssueOutcome.Issued>(await issue.CarryOutAsync(second, Cancellation));

        Assert.Equal((issued.Json, true), (repeated.Json, repeated.Repeated));
        Assert.Single(authority.Issued);
    }

    [Theory]
    [InlineData("other.example.test", null, null, false)]
    [InlineData("one.example.test", null, null, true)]
    [InlineData("one.example.test", false, null, false)]
    [InlineData("other.example.test", true, true, true)]
    public async Task Who_is_notified_is_a_part_of_the_decision(string name, bool? remind, bool? announce, bool reminds)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("tls.json", new JsonArray(SomeRequests.Entry("one.example.test", "one.csr")).ToJsonString());
        CertificateRequest request = Read(SomeRequests.Direct(name)) with { NotifyExpiry = remind, NotifyIssued = announce };

        var decision = Assert.IsType<IssueDecision.Issue>(await new IssueCertificate(authority.Deployment).DecideAsync(request, Cancellation));

        Assert.Equal((reminds, announce ?? name == "one.example.test"), (decision.NotifyExpiry, decision.NotifyIssued));
    }

    private static CertificateRequest Read(JsonObject json) =>
        RequestReader.TryParse(Encoding.UTF8.GetBytes(json.ToJsonString()), singleLabels: false, out CertificateRequest? request, out Rejection? why)
            ? request
            : throw new InvalidOperationException(why.Message);
}
