using System.Text.Json.Nodes;
using ServerlessCA.Contracts.Faults;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

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
