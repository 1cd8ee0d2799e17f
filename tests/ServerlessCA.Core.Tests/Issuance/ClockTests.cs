using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Contract 12.28: what becomes of certificates when a clock is wrong.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Back = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_new_hierarchy_is_valid_from_five_minutes_ago_and_its_end_counts_from_now()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        DateTimeOffset now = authority.Clock.GetUtcNow();

        Certificate root = Of(authority, TestAuthority.RootName);
        Certificate issuing = Of(authority, TestAuthority.IssuingName);

        Assert.Equal((now - Back, now.AddDays(7300)), (root.NotBefore, root.NotAfter));
        Assert.Equal((now - Back, now.AddDays(3650)), (issuing.NotBefore, issuing.NotAfter));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-290)]
    [InlineData(-300)]
    public async Task OpenSSL_takes_what_is_issued_at_any_time_that_is_in_the_certificate(int seconds)
    {
        using var folder = new TemporaryFolder();
        TestAuthority authority = await TestAuthority.CreateAsync();
        Deployment then = At(authority, TimeSpan.FromSeconds(seconds));

        var issued = Assert.IsType<IssueOutcome.Issued>(await TestAuthority.IssueAsync(then, SomeRequests.Direct()));
        Certificate certificate = authority.CertificateOf(issued.Record);

        Assert.Equal(Of(authority, TestAuthority.IssuingName).NotBefore, certificate.NotBefore);
        Assert.Equal(then.Clock.GetUtcNow().AddDays(30), certificate.NotAfter);
        folder.Write("root.pem", Of(authority, TestAuthority.RootName).Pem);
        folder.Write("issuing.pem", Of(authority, TestAuthority.IssuingName).Pem);
        folder.Write("leaf.pem", certificate.Pem);
        string at = certificate.NotBefore.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("leaf.pem: OK", ForeignProgram.OutputIn(folder.Path, "openssl", "verify", "-x509_strict", "-attime", at, "-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(-400 * 86_400)]
    public async Task Before_its_own_beginning_a_CA_issues_nothing_and_the_refusal_says_so(int seconds)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Deployment then = At(authority, TimeSpan.FromSeconds(seconds));

        var refused = Assert.IsType<IssueOutcome.Refused>(await TestAuthority.IssueAsync(then, SomeRequests.Direct()));

        string beginning = TableTime.Text(authority.Clock.GetUtcNow() - Back);
        Assert.Equal(RejectionCode.CaNotValidYet, refused.Why.Code);
        Assert.Equal($"CA {TestAuthority.IssuingName} is not valid before {beginning}", refused.Why.Message);
        Assert.Equal(["Certificate Request Rejected"], authority.Told);
        Assert.Empty(authority.Issued);
    }

    [Fact]
    public async Task Before_its_own_beginning_a_root_signs_no_issuing_CA()
    {
        var authority = TestAuthority.WithoutCas();
        await new CreateRootCa(authority.Deployment).RunAsync(CancellationToken.None);

        CreateOutcome early = await new CreateIssuingCa(At(authority, TimeSpan.FromSeconds(-301))).RunAsync(CancellationToken.None);
        PipelineReport report = await new RunPipeline(At(authority, TimeSpan.FromDays(-400))).RunAsync(CancellationToken.None);
        CreateOutcome inTime = await new CreateIssuingCa(At(authority, TimeSpan.FromSeconds(-300))).RunAsync(CancellationToken.None);

        Assert.Equal((CreateOutcome.RootNotUsable, CreateOutcome.Created), (early, inTime));
        StepResult step = report.Steps.Single(step => step.Step == CaFunction.CreateIssuingCa);
        Assert.Equal((StepStatus.Failed, $"{TestAuthority.IssuingName} cannot be created: the root CA is revoked, expired or not valid yet"), (step.Status, step.Message));
        Assert.Equal(Of(authority, TestAuthority.RootName).NotBefore, Of(authority, TestAuthority.IssuingName).NotBefore);
    }

    [Fact]
    public async Task Health_says_that_the_clock_is_before_the_CA()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        HealthFinding finding = (await new CheckHealth(At(authority, TimeSpan.FromSeconds(-301))).RunAsync(CancellationToken.None))
            .Single(finding => finding.Check == TestAuthority.RootName);

        Assert.Equal(HealthLevel.Critical, finding.Level);
        Assert.EndsWith("check the clock", finding.Message, StringComparison.Ordinal);
    }

    private static Deployment At(TestAuthority authority, TimeSpan later) => authority.Deployment with
    {
        Clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(authority.Clock.GetUtcNow() + later),
    };

    private static Certificate Of(TestAuthority authority, string name) =>
        authority.CertificateOf(authority.Ledger.Records.Single(row => row.CommonName == name));
}
