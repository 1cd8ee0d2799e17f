using System.Text.Json.Nodes;
using ServerlessCA.Contracts.Faults;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests contract 12.23: a re-created CA issues; losses are reported; nothing is issued twice.</summary>
public sealed class RecreatedCaTests
{
    private const string One = "one.example.test";
    private const string Two = "two.example.test";

    [Fact]
    public async Task Entries_of_a_CA_whose_row_and_key_are_gone_are_issued_anew_once()
    {
        TestAuthority authority = await WithEntriesAsync();
        string[] before = Serials(authority);

        LoseIssuingCa(authority);
        PipelineReport anew = await authority.RunAsync();
        PipelineReport quiet = await authority.RunAsync();

        Assert.Equal([EntryStatus.Issued, EntryStatus.Issued], anew.Entries.Select(entry => entry.Status));
        Assert.Equal([EntryStatus.AlreadyIssued, EntryStatus.AlreadyIssued], quiet.Entries.Select(entry => entry.Status));
        Assert.Equal("0 of 2 entries issued", Certificates(quiet).Message);
        Assert.All(anew.Entries, entry => Assert.Empty(entry.Warnings));
        Assert.Equal(4, authority.Issued.Count());
        Core.Certificates.Certificate issuing = authority.CertificateOf(authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName));
        Assert.All(authority.Issued.Where(row => !before.Contains(row.SerialNumber.ToString())),
            row => Assert.True(authority.CertificateOf(row).IsSignedBy(issuing.PublicKey!)));
    }

    [Fact]
    public async Task A_CA_that_was_made_again_with_its_old_key_is_the_same_CA()
    {
        TestAuthority authority = await WithEntriesAsync();
        LoseRow(authority, TestAuthority.IssuingName);

        PipelineReport report = await authority.RunAsync();

        Assert.Single(authority.Ledger.Records, row => row.CommonName == TestAuthority.IssuingName);
        Assert.All(report.Entries, entry => Assert.Equal(EntryStatus.AlreadyIssued, entry.Status));
        Assert.Equal(2, authority.Issued.Count());
    }

    [Fact]
    public async Task A_former_CA_whose_row_is_there_still_counts_until_it_is_revoked()
    {
        TestAuthority authority = await WithEntriesAsync();
        CertificateRecord former = LoseIssuingCa(authority);
        authority.Internal.With("tls.json", "[]");
        await authority.RunAsync();
        authority.Ledger.Plant(former);
        PutEntries(authority);

        Assert.All((await authority.RunAsync()).Entries, entry => Assert.Equal(EntryStatus.AlreadyIssued, entry.Status));

        authority.Ledger.Plant(former with { Revoked = new CertificateRevocation(authority.Clock.GetUtcNow(), RevocationReason.CaCompromise) });

        Assert.All((await authority.RunAsync()).Entries, entry => Assert.Equal(EntryStatus.Issued, entry.Status));
    }

    [Fact]
    public async Task What_was_revoked_or_has_expired_stays_issued_and_the_step_counts_it()
    {
        TestAuthority authority = await WithEntriesAsync(lifetimeOfTwo: 1);
        CertificateRecord one = authority.Issued.Single(row => row.CommonName == One);
        await RevokeAsync(authority, one, RevocationReason.Superseded);
        LoseIssuingCa(authority);
        authority.Clock.Advance(TimeSpan.FromDays(2));

        PipelineReport report = await authority.RunAsync();

        Assert.False(report.Failed);
        Assert.Equal([EntryStatus.AlreadyIssued, EntryStatus.AlreadyIssued], report.Entries.Select(entry => entry.Status));
        Assert.Contains($"{one.SerialNumber}, is of a CA that is gone, and was revoked", report.Entries[0].Message, StringComparison.Ordinal);
        Assert.Contains("is of a CA that is gone, and has expired", report.Entries[1].Message, StringComparison.Ordinal);
        Assert.StartsWith("0 of 2 entries issued; 2 already issued", Certificates(report).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Certificate Request Rejected", authority.Told);
    }

    [Fact]
    public async Task The_answer_of_the_function_says_why_nothing_was_issued()
    {
        TestAuthority authority = await WithEntriesAsync();
        await RevokeAsync(authority, authority.Issued.Single(row => row.CommonName == One), RevocationReason.Unspecified);
        LoseIssuingCa(authority);
        authority.Internal.With("tls.json", "[]");
        await authority.RunAsync();

        JsonNode answer = JsonNode.Parse((await authority.IssueAsync(SomeRequests.Entry(One, "one.csr"))).Json)!;

        Assert.Equal("Certificate already issued", answer["error"]!.GetValue<string>());
        Assert.Contains("was revoked", Assert.Single(answer["Warnings"]!.AsArray())!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_whose_row_is_gone_is_issued_anew_and_warns_of_the_lost_certificate()
    {
        TestAuthority authority = await WithEntriesAsync();
        CertificateRecord lost = LoseRow(authority, One);

        PipelineReport anew = await authority.RunAsync();
        PipelineReport quiet = await authority.RunAsync();

        Assert.Equal([EntryStatus.Issued, EntryStatus.AlreadyIssued], anew.Entries.Select(entry => entry.Status));
        string warning = Assert.Single(anew.Entries[0].Warnings);
        Assert.Contains(lost.SerialNumber.ToString(), warning, StringComparison.Ordinal);
        Assert.Contains("may still be valid", warning, StringComparison.Ordinal);
        Assert.Contains("\"unrecorded\": true", warning, StringComparison.Ordinal);
        Assert.All(quiet.Entries, entry => Assert.Equal(EntryStatus.AlreadyIssued, entry.Status));
        Assert.Null(quiet.Entries[0].Message);
    }

    [Theory]
    [InlineData(RevocationReason.Superseded, EntryStatus.AlreadyIssued, "is gone, and it was revoked")]
    [InlineData(RevocationReason.KeyCompromise, EntryStatus.Refused, "Key has been reported as compromised")]
    public async Task An_entry_whose_row_is_gone_and_whose_certificate_was_revoked_is_not_issued_anew(
        RevocationReason reason, EntryStatus status, string message)
    {
        TestAuthority authority = await WithEntriesAsync();
        await RevokeAsync(authority, authority.Issued.Single(row => row.CommonName == One), reason);
        LoseRow(authority, One);

        PipelineReport report = await authority.RunAsync();

        Assert.Equal(status, report.Entries[0].Status);
        Assert.Contains(message, report.Entries[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain(authority.Issued, row => row.CommonName == One);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_row_counts_although_that_of_an_earlier_certificate_of_the_key_is_there(bool revoked)
    {
        TestAuthority authority = await WithEntriesAsync();
        LoseIssuingCa(authority);
        authority.Clock.Advance(TimeSpan.FromHours(1));
        await authority.RunAsync();
        CertificateRecord last = authority.Issued.Where(row => row.CommonName == One).MaxBy(row => row.Issued)!;
        if (revoked)
        {
            await RevokeAsync(authority, last, RevocationReason.Superseded);
        }

        authority.Ledger.Lose(new RowId(last.CommonName, last.SerialNumber));
        PipelineReport report = await authority.RunAsync();

        Assert.Equal(revoked ? EntryStatus.AlreadyIssued : EntryStatus.Issued, report.Entries[0].Status);
        string sent = revoked ? report.Entries[0].Message! : Assert.Single(report.Entries[0].Warnings);
        Assert.Contains(last.SerialNumber.ToString(), sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_was_restored_without_its_revocation_is_still_known_as_revoked()
    {
        TestAuthority authority = await WithEntriesAsync();
        CertificateRecord before = authority.Issued.Single(row => row.CommonName == One);
        await RevokeAsync(authority, before, RevocationReason.Superseded);
        authority.Ledger.Plant(before);
        LoseIssuingCa(authority);

        PipelineReport report = await authority.RunAsync();

        Assert.Equal([EntryStatus.AlreadyIssued, EntryStatus.Issued], report.Entries.Select(entry => entry.Status));
    }

    [Fact]
    public async Task A_direct_request_with_a_used_key_stays_refused()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        string csr = SomeRequests.Csr();
        await authority.IssueAsync(SomeRequests.Direct(One, csr));
        LoseIssuingCa(authority);
        await authority.RunAsync();

        var byRow = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(SomeRequests.Direct(One, csr)));
        LoseRow(authority, One);
        var byReservation = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(SomeRequests.Direct(One, csr)));

        Assert.Equal((RejectionCode.KeyUsed, RejectionCode.KeyUsed), (byRow.Why.Code, byReservation.Why.Code));
    }

    [Fact]
    public async Task A_row_of_the_original_without_a_reservation_is_issued_anew_too()
    {
        TestAuthority authority = await WithEntriesAsync();
        var moved = TestAuthority.WithoutCas();
        foreach (CertificateRecord row in authority.Issued)
        {
            moved.Ledger.Plant(row with { PublicKeyHash = null, IssuerKeyId = null });
        }

        foreach (string file in (string[])["tls.json", "csrs/one.csr", "csrs/two.csr"])
        {
            moved.Internal.With(file, System.Text.Encoding.UTF8.GetString((await authority.Internal.ReadAsync(file, CancellationToken.None))!.Content.Span));
        }

        PipelineReport anew = await moved.RunAsync();
        PipelineReport quiet = await moved.RunAsync();

        Assert.All(anew.Entries, entry => Assert.Equal(EntryStatus.Issued, entry.Status));
        Assert.All(quiet.Entries, entry => Assert.Equal(EntryStatus.AlreadyIssued, entry.Status));
    }

    [Fact]
    public async Task A_forced_entry_is_from_then_on_one_like_any_other()
    {
        TestAuthority authority = await WithEntriesAsync(more: new JsonObject { ["force_issue"] = true });
        Assert.All((await authority.RunAsync()).Entries, entry => Assert.Equal(EntryStatus.AlreadyIssued, entry.Status));

        LoseIssuingCa(authority);
        PipelineReport anew = await authority.RunAsync();
        PipelineReport quiet = await authority.RunAsync();

        Assert.All(anew.Entries, entry => Assert.Equal(EntryStatus.Issued, entry.Status));
        Assert.All(quiet.Entries, entry => Assert.Equal(EntryStatus.AlreadyIssued, entry.Status));
        Assert.Equal(4, authority.Issued.Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Several_runs_at_once_give_one_new_certificate_for_an_entry(bool rowIsGone)
    {
        for (int round = 0; round < 8; round++)
        {
            TestAuthority authority = await WithEntriesAsync();
            if (rowIsGone)
            {
                LoseRow(authority, One);
                LoseRow(authority, Two);
            }
            else
            {
                LoseIssuingCa(authority);
                await new CreateIssuingCa(authority.Deployment).RunAsync(CancellationToken.None);
            }

            int before = authority.Issued.Count();
            IssueOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(
                () => authority.IssueAsync(index % 2 == 0 ? SomeRequests.Entry(One, "one.csr") : SomeRequests.Entry(Two, "two.csr")))));

            Assert.Equal(2, outcomes.OfType<IssueOutcome.Issued>().Count());
            Assert.All(outcomes.OfType<IssueOutcome.Refused>(), refused => Assert.Equal(RejectionCode.AlreadyIssued, refused.Why.Code));
            Assert.Equal(2, authority.Issued.Count() - before);
        }
    }

    [Fact]
    public async Task A_run_that_read_the_rows_before_and_the_reservation_after_another_run_issues_nothing()
    {
        TestAuthority authority = await WithEntriesAsync();
        LoseIssuingCa(authority);
        await new CreateIssuingCa(authority.Deployment).RunAsync(CancellationToken.None);
        IReadOnlyList<CertificateRecord> old = await authority.Ledger.FindByNameAsync(One, CancellationToken.None);
        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Entry(One, "one.csr")));
        (ICertificateLedger late, _) = InterceptedLedger.Over(authority.Ledger, (method, given) =>
            method == nameof(ICertificateLedger.FindByNameAsync) && given is Task<IReadOnlyList<CertificateRecord>> { Result: [{ CommonName: One }, ..] }
                ? Task.FromResult(old)
                : given);

        IssueOutcome outcome = await TestAuthority.IssueAsync(authority.Deployment with { Ledger = late }, SomeRequests.Entry(One, "one.csr"));

        Assert.Equal(RejectionCode.AlreadyIssued, Assert.IsType<IssueOutcome.Refused>(outcome).Why.Code);
    }

    [Theory]
    [InlineData(Fault.WriteLost)]
    [InlineData(Fault.WriteDoneButReportedLost)]
    [InlineData(Fault.ReadFailed)]
    public async Task A_run_that_breaks_off_at_any_call_leaves_one_new_certificate_for_each_entry_after_the_next(Fault fault)
    {
        for (int nth = 1; ; nth++)
        {
            TestAuthority authority = await WithEntriesAsync();
            LoseIssuingCa(authority);
            var plan = new FaultPlan(fault, nth);
            PipelineReport first = await new RunPipeline(authority.Failing(plan)).RunAsync(CancellationToken.None);

            authority.Clock.Advance(TimeSpan.FromHours(1));
            PipelineReport second = await authority.RunAsync();

            Assert.False(second.Failed, $"call {nth}: {string.Join("; ", second.Steps.Select(step => step.Message))}");
            Assert.Equal(2, authority.Issued.Count(row => row.CommonName == One));
            Assert.Equal(2, authority.Issued.Count(row => row.CommonName == Two));
            if (!plan.Happened)
            {
                Assert.False(first.Failed);
                Assert.True(nth > 10, "the plan never hit a call");
                return;
            }
        }
    }

    [Fact]
    public async Task While_the_only_issuing_CA_is_revoked_its_entries_are_refused_and_not_green()
    {
        TestAuthority authority = await WithEntriesAsync();
        CertificateRecord issuing = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName);
        await RevokeAsync(authority, issuing, RevocationReason.CaCompromise);

        PipelineReport report = await authority.RunAsync();

        Assert.All(report.Entries, entry => Assert.Equal(EntryStatus.Refused, entry.Status));
        Assert.All(report.Entries, entry => Assert.Contains("was revoked on", entry.Message, StringComparison.Ordinal));
    }

    private static async Task<TestAuthority> WithEntriesAsync(int lifetimeOfTwo = 30, JsonObject? more = null)
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        authority.Internal.With("csrs/one.csr", SomeRequests.Csr()).With("csrs/two.csr", SomeRequests.Csr());
        PutEntries(authority, lifetimeOfTwo, more);
        PipelineReport first = await authority.RunAsync();
        Assert.All(first.Entries, entry => Assert.Equal(EntryStatus.Issued, entry.Status));
        authority.Clock.Advance(TimeSpan.FromHours(1));
        return authority;
    }

    private static void PutEntries(TestAuthority authority, int lifetimeOfTwo = 30, JsonObject? more = null)
    {
        JsonObject two = SomeRequests.Entry(Two, "two.csr", more);
        two["lifetime"] = lifetimeOfTwo;
        authority.Internal.With("tls.json", new JsonArray(SomeRequests.Entry(One, "one.csr", more), two).ToJsonString());
    }

    // Replaces an issuing CA as the original's FAQ says.
    private static CertificateRecord LoseIssuingCa(TestAuthority authority)
    {
        authority.Keys.With(TestAuthority.IssuingName, KeySpec.EccNistP256);
        return LoseRow(authority, TestAuthority.IssuingName);
    }

    private static CertificateRecord LoseRow(TestAuthority authority, string name)
    {
        CertificateRecord row = authority.Ledger.Records.Single(row => row.CommonName == name);
        authority.Ledger.Lose(new RowId(row.CommonName, row.SerialNumber));
        return row;
    }

    private static Task<RevokeOutcome> RevokeAsync(TestAuthority authority, CertificateRecord row, RevocationReason reason) =>
        new RevokeCertificate(authority.Deployment).RunAsync(new RowId(row.CommonName, row.SerialNumber), reason, CancellationToken.None);

    private static string[] Serials(TestAuthority authority) => [.. authority.Issued.Select(row => row.SerialNumber.ToString())];

    private static StepResult Certificates(PipelineReport report) => report.Steps.Single(step => step.Step == CaFunction.TlsCert);
}
