using System.Text.Json.Nodes;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Health;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using Xunit;

namespace ServerlessCA.Core.Tests.Issuance;

/// <summary>Tests contract 12.28: what becomes of certificates when a clock is wrong.</summary>
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

/// <summary>Tests contract 12.20: no certificate can speak for the CA.</summary>
public sealed class SpeakingForTheCaTests : IDisposable
{
    private const string OcspSigning = "1.3.6.1.5.5.7.3.9";
    private const string At = "1893499200"; // 2030-01-01 12:00:00, when the deployment lives

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("OCSP_SIGNING")]
    [InlineData(OcspSigning)]
    public async Task OCSP_SIGNING_is_refused_by_name_and_by_OID_and_the_refusal_is_announced(string usage)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var refused = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(WithUsage(usage, SomeRequests.Csr())));

        Assert.Equal("""{"error":"OCSP_SIGNING is not allowed","code":"ocsp_signing_refused"}""", refused.Json);
        Assert.Empty(authority.Issued);
        Assert.Equal("OCSP_SIGNING is not allowed", JsonNode.Parse(Assert.Single(authority.Notifier.Delivered).Json)!["Reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_allowlist_that_names_OCSP_SIGNING_does_not_allow_it()
    {
        TestAuthority authority = await TestAuthority.CreateAsync(settings => settings with
        {
            ExtendedKeyUsageAllowlist = [ExtendedKeyUsage.ClientAuth, OcspSigning],
            CustomExtensionAllowlist = ["2.5.29.37"],
        });
        string inCustomExtension = SomeRequests.Base64("ignored");
        var extension = new JsonObject { ["oid"] = "2.5.29.37", ["value_b64"] = inCustomExtension };

        var listed = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(WithUsage(OcspSigning, SomeRequests.Csr())));
        var custom = Assert.IsType<IssueOutcome.Refused>(
            await authority.IssueAsync(SomeRequests.Direct(more: new JsonObject { ["extensions"] = new JsonArray(extension) })));

        Assert.Equal(RejectionCode.OcspSigningRefused, listed.Why.Code);
        Assert.Contains("is reserved and cannot be set by callers", custom.Why.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenSSL_believes_a_holder_of_the_usage_which_is_why_it_is_refused()
    {
        TestAuthority lax = await TestAuthority.CreateAsync(settings => settings with { AllowOcspSigning = true });
        var victim = Assert.IsType<IssueOutcome.Issued>(await lax.IssueAsync(SomeRequests.Direct("victim.example.test")));
        var revoked = new RowId(victim.Record.CommonName, victim.Record.SerialNumber);
        await new RevokeCertificate(lax.Deployment).RunAsync(revoked, RevocationReason.KeyCompromise, CancellationToken.None);
        string csr = NewCsr();
        var attacker = Assert.IsType<IssueOutcome.Issued>(await lax.IssueAsync(WithUsage("OCSP_SIGNING", csr)));

        Assert.Contains("victim.pem: good", Attack(lax, victim.Record, attacker.Record), StringComparison.Ordinal);

        lax.Settings = lax.Settings with { AllowOcspSigning = false };
        JsonObject again = WithUsage("OCSP_SIGNING", csr);
        again["force_issue"] = true;
        Assert.IsType<IssueOutcome.Refused>(await lax.IssueAsync(again));
        again["extended_key_usages"] = new JsonArray("ANY", "CODE_SIGNING", "1.3.6.1.5.5.7.3.99");
        var harmless = Assert.IsType<IssueOutcome.Issued>(await lax.IssueAsync(again));
        Assert.DoesNotContain("Response verify OK", Attack(lax, victim.Record, harmless.Record), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_critical_for_live_certificates_that_have_the_usage_while_it_is_off()
    {
        TestAuthority authority = await TestAuthority.CreateAsync(settings => settings with { AllowOcspSigning = true });
        foreach (string name in (string[])["one.example.test", "two.example.test", "three.example.test"])
        {
            JsonObject request = WithUsage("OCSP_SIGNING", SomeRequests.Csr());
            request["common_name"] = name;
            request["lifetime"] = name.StartsWith("three", StringComparison.Ordinal) ? 1 : 30;
            await authority.IssueAsync(request);
        }

        CertificateRecord two = authority.Issued.Single(row => row.CommonName == "two.example.test");
        await new RevokeCertificate(authority.Deployment).RunAsync(
            new RowId(two.CommonName, two.SerialNumber), RevocationReason.Superseded, CancellationToken.None);
        authority.Clock.Advance(TimeSpan.FromDays(2)); // three is over
        Assert.Equal(HealthLevel.Good, (await HealthAsync(authority)).Level);

        authority.Settings = authority.Settings with { AllowOcspSigning = false };
        HealthFinding finding = await HealthAsync(authority);

        string serial = authority.Issued.Single(row => row.CommonName == "one.example.test").SerialNumber.ToString();
        Assert.Equal(HealthLevel.Critical, finding.Level);
        Assert.StartsWith("1 live certificates can answer", finding.Message, StringComparison.Ordinal);
        Assert.Contains($"revoke 'one.example.test' {serial}, or allow it", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Serverless Issuing CA")]
    [InlineData("Serverless Root CA")]
    [InlineData("serverless  ISSUING ca ")]
    [InlineData("Ｓerverless Issuing\u200B CA")]
    public async Task A_subject_that_is_a_CAs_is_refused(string commonName)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var refused = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(SomeRequests.Direct(commonName)));

        Assert.Equal("""{"error":"Subject is reserved","code":"subject_reserved"}""", refused.Json);
        Assert.Equal(["Certificate Request Rejected"], authority.Told);
        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(
            SomeRequests.Direct(commonName, more: new JsonObject { ["organization"] = "Somebody Else" })));
    }

    [Fact]
    public async Task The_whole_subject_counts_wherever_its_attributes_come_from_and_for_former_CAs_too()
    {
        TestAuthority authority = await TestAuthority.CreateAsync(settings => settings with
        {
            IssuingCaInfo = settings.IssuingCaInfo with { CommonName = "Old CA", Country = "GB", Organization = "Müller AG" },
        });
        CertificateRecord old = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName);
        authority.Clock.Advance(TimeSpan.FromDays(1));
        authority.Ledger.Lose(new RowId(old.CommonName, old.SerialNumber));
        authority.Keys.With(TestAuthority.IssuingName, Core.Keys.KeySpec.EccNistP256);
        authority.Settings = authority.Settings with { IssuingCaInfo = authority.Settings.IssuingCaInfo with { CommonName = "New CA" } };
        await new CreateIssuingCa(authority.Deployment).RunAsync(CancellationToken.None);
        authority.Ledger.Plant(old);

        JsonObject request = SomeRequests.Direct("old ca", SomeRequests.Csr("CN=x, O=MÜLLER AG, C=GB"));

        Assert.Equal("Subject is reserved", Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(request)).Why.Message);
        request["country"] = "CH";
        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(request));
    }

    [Theory]
    [InlineData("serverless-issuing-ca-dev ")]
    [InlineData("ｓerverless-root-ca-dev")]
    [InlineData("serverless-\u200Bissuing-ca-dev")]
    [InlineData("SERVERLESS－ISSUING－CA－DEV")]
    [InlineData("𝐬𝐞𝐫𝐯𝐞𝐫𝐥𝐞𝐬𝐬-root-ca-dev")]
    public async Task A_twin_of_a_CAs_name_is_reserved(string name)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var refused = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(SomeRequests.Direct(name)));

        Assert.Equal("""{"error":"Common name is reserved","code":"name_reserved"}""", refused.Json);
    }

    private static async Task<HealthFinding> HealthAsync(TestAuthority authority) =>
        (await new CheckHealth(authority.Deployment).RunAsync(CancellationToken.None)).Single(finding => finding.Check == "OCSP signing");

    private static JsonObject WithUsage(string usage, string csr) =>
        SomeRequests.Direct(csr: csr, more: new JsonObject { ["extended_key_usages"] = new JsonArray(usage) });

    private string NewCsr()
    {
        ForeignProgram.OutputIn(folder.Path, "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "attacker.key", "-subj", "/CN=attacker", "-out", "attacker.csr");
        return folder.Read("attacker.csr");
    }

    // The attack as its finder wrote it: who has the usage says that a revoked certificate is good.
    private string Attack(TestAuthority authority, CertificateRecord victim, CertificateRecord attacker)
    {
        string issuing = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.IssuingName).CertificatePem;
        string root = authority.Ledger.Records.Single(row => row.CommonName == TestAuthority.RootName).CertificatePem;
        folder.Write("issuing.pem", issuing);
        folder.Write("chain.pem", root + issuing);
        folder.Write("victim.pem", victim.CertificatePem);
        folder.Write("attacker.pem", attacker.CertificatePem);
        folder.Write("index.txt", $"V\t310101000000Z\t\t{Hex(authority.CertificateOf(victim))}\tunknown\t/CN=victim\n");
        ForeignProgram.OutputIn(folder.Path, "openssl", "ocsp", "-issuer", "issuing.pem", "-cert", "victim.pem", "-no_nonce", "-reqout", "q.der");
        ForeignProgram.OutputIn(folder.Path, "openssl", "ocsp", "-index", "index.txt", "-CA", "issuing.pem", "-rsigner", "attacker.pem", "-rkey", "attacker.key",
            "-reqin", "q.der", "-respout", "r.der");
        return ForeignProgram.RunIn(folder.Path, "openssl", "ocsp", "-respin", "r.der", "-issuer", "issuing.pem", "-cert", "victim.pem",
            "-CAfile", "chain.pem", "-attime", At).Output;
    }

    private static string Hex(Certificate certificate) =>
        Convert.ToHexString(certificate.SerialNumber.Value.ToByteArray(isUnsigned: true, isBigEndian: true));
}
