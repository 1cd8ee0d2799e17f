using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Pipeline;

/// <summary>Tests lists that cannot be read, whatever is wrong with them: each fails its own step, and the others do their
/// work.</summary>
public sealed class BadListTests
{
    private const string Lists = "tls.json revoked.json revoked-root-ca.json";

    public static TheoryData<string, string, byte[], string> BadLists
    {
        get
        {
            var cases = new TheoryData<string, string, byte[], string>();
            foreach ((string key, CaFunction step) in Lists.Split(' ').Zip([CaFunction.TlsCert, CaFunction.IssuingCaCrl, CaFunction.RootCaCrl]))
            {
                string where = $"{key} in S3 bucket 'internal'";
                cases.Add(key, step.ToString(), Encoding.Latin1.GetBytes("[\n{\"common_name\": \"Müller\"}]"), $"{where}: line 2 is not UTF-8; it looks like Windows-1252 (ANSI): save it as UTF-8");
                cases.Add(key, step.ToString(), Encoding.Latin1.GetBytes("[{\"ü\": 1}]"), $"{where}: line 1 is not UTF-8; it looks like Windows-1252 (ANSI): save it as UTF-8");
                cases.Add(key, step.ToString(), Encoding.Unicode.GetBytes("[]"), $"{where}: it looks like UTF-16 without a byte order mark: save it as UTF-8");
                cases.Add(key, step.ToString(), [0, 1, 2, 3], $"{where}: it is not text: give a text file in UTF-8");
                cases.Add(key, step.ToString(), [], $"{where} is not JSON: broken at line 1, byte 1");
                cases.Add(key, step.ToString(), "{}"u8.ToArray(), $"{where} must hold a JSON list, it holds a map");
                cases.Add(key, step.ToString(), Encoding.ASCII.GetBytes(new string('[', 100_000)), $"{where} is not JSON: broken at line 1, byte 65");
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(BadLists))]
    public async Task A_bad_list_fails_its_own_step_and_the_others_run(string key, string step, byte[] content, string fault)
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        authority.Internal.With("tls.json", Entries("a")).With("csrs/a.csr", CsrOf("a")).With(key, content);

        PipelineReport report = await authority.RunAsync();

        Assert.Equal(RunPipeline.Steps, report.Steps.Select(result => result.Step));
        StepResult failed = Assert.Single(report.Steps, result => result.Status == StepStatus.Failed);
        Assert.Equal(step, failed.Step.ToString());
        Assert.Equal(key == "tls.json" ? fault : $"CRL 1 published, 0 revoked; {fault}", failed.Message);
        Assert.Equal(key == "tls.json" ? 0 : 1, authority.Issued.Count());
    }

    [Fact]
    public async Task A_function_fails_for_its_own_list_and_for_no_other()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        foreach (string key in Lists.Split(' '))
        {
            authority.Internal.With(key, Encoding.Latin1.GetBytes("[{\"common_name\": \"Müller\"}]"));
        }

        var functions = new InvokeFunction(authority.Deployment);
        foreach ((CaFunction function, string file) in (IEnumerable<(CaFunction, string)>)[(CaFunction.RootCaCrl, "revoked-root-ca.json"), (CaFunction.IssuingCaCrl, "revoked.json")])
        {
            StepFailedException fault = await Assert.ThrowsAsync<StepFailedException>(() => functions.RunAsync(function, default, TestContext.Current.CancellationToken));
            Assert.Contains($"{file} in S3 bucket 'internal': line 1 is not UTF-8", fault.Message, StringComparison.Ordinal);
        }

        OperationResult issued = await functions.RunAsync(
            CaFunction.TlsCert, Encoding.UTF8.GetBytes(SomeRequests.Direct().ToJsonString()), TestContext.Current.CancellationToken);
        OperationResult expiry = await functions.RunAsync(CaFunction.Expiry, default, TestContext.Current.CancellationToken);

        Assert.Contains("\"Base64Certificate\"", issued.Json, StringComparison.Ordinal);
        Assert.StartsWith("tls.json in S3 bucket 'internal': line 1 is not UTF-8", Assert.Single(expiry.Notes), StringComparison.Ordinal);
        Assert.NotNull(await authority.Published.ReadAsync($"{TestAuthority.IssuingName}.crl", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task A_list_and_its_CSRs_may_have_a_byte_order_mark(string encoding)
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        authority.Internal.With("tls.json", Marked(encoding, Entries("Müller"))).With("csrs/Müller.csr", Marked(encoding, CsrOf("Müller")));
        await authority.RunAsync();
        CertificateRecord issued = Assert.Single(authority.Issued);
        Assert.Equal("Müller", issued.CommonName);

        authority.Internal.With("revoked.json", Marked(encoding, $$"""[{"common_name": "Müller", "serial_number": "{{issued.SerialNumber}}"}]"""));
        PipelineReport report = await authority.RunAsync();

        Assert.False(report.Failed);
        Assert.NotNull(Assert.Single(authority.Issued).Revoked);
    }

    [Theory]
    [InlineData("""[{"common_name": "a"}, {"\ud800": 1}]""")]
    [InlineData("""[{"\ud800": 1, "common_name": "a"}]""")]
    [InlineData("""[{"common\ud800name": "a"}, {"common_name": "\ud800"}]""")]
    [InlineData("[\"\u00fc\xff")]
    [InlineData("{}")]
    public async Task A_broken_list_keeps_no_request_from_its_certificate(string list)
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("tls.json", Encoding.Latin1.GetBytes(list));

        IssueOutcome outcome = await authority.IssueAsync(new JsonObject
        {
            ["common_name"] = "direct.example.com",
            ["base64_csr_data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(CsrOf("direct.example.com"))),
        });

        Assert.IsType<IssueOutcome.Issued>(outcome);
    }

    [Fact]
    public async Task An_entry_with_half_a_character_is_refused_alone()
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        authority.Internal.With("tls.json", """[{"\ud800": 1, "common_name": "b", "csr_file": "b.csr"}, {"common_name": "a", "csr_file": "a.csr"}]""").With("csrs/a.csr", CsrOf("a"));

        PipelineReport report = await authority.RunAsync();

        Assert.Equal([EntryStatus.Refused, EntryStatus.Issued], report.Entries.Select(entry => entry.Status));
    }

    [Fact]
    public async Task A_CSR_in_another_encoding_is_refused_with_its_line()
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        authority.Internal.With("tls.json", Entries("a")).With("csrs/a.csr", Encoding.Latin1.GetBytes($"Subject: O=Müller\n{CsrOf("a")}"));

        PipelineReport report = await authority.RunAsync();

        Assert.Equal(
            "CSR file 'a.csr' is not PEM text: line 1 is not UTF-8; it looks like Windows-1252 (ANSI): save it as UTF-8",
            Assert.Single(report.Entries).Message);
    }

    [Fact]
    public async Task A_file_that_is_none_fails_its_own_entry_and_no_reminder()
    {
        TestAuthority authority = TestAuthority.WithoutCas();
        authority.Internal.With("tls.json", Entries("a", "b")).With("csrs/a.csr", CsrOf("a")).With("csrs/b.csr", CsrOf("b"));
        await authority.RunAsync();
        foreach (CertificateRecord row in authority.Issued.ToList())
        {
            authority.Ledger.Plant(row with { NotifyExpiry = null }); // as the original wrote them
        }

        authority.Clock.Advance(TimeSpan.FromDays(29));
        Deployment deployment = authority.Deployment with { InternalFiles = new OddFiles(authority.Internal, "csrs/a.csr") };

        PipelineReport report = await new RunPipeline(deployment).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal([EntryStatus.Failed, EntryStatus.AlreadyIssued], report.Entries.Select(entry => entry.Status));
        StepResult expiry = report.Steps.Single(step => step.Step == CaFunction.Expiry);
        Assert.Equal("1 reminded, 0 expired", expiry.Message);
        Assert.Equal("tls.json, line 1, entry 1: csrs/a.csr is a pipe", Assert.Single(expiry.Problems));
    }

    [Fact]
    public async Task A_list_that_is_no_file_fails_its_own_step()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        Deployment deployment = authority.Deployment with { InternalFiles = new OddFiles(authority.Internal, "tls.json") };

        PipelineReport report = await new RunPipeline(deployment).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal("tls.json is a pipe", Assert.Single(report.Steps, step => step.Status == StepStatus.Failed).Message);
        IssueOutcome direct = await TestAuthority.IssueAsync(deployment, new JsonObject
        {
            ["common_name"] = "d", ["base64_csr_data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(CsrOf("d"))),
        });
        Assert.IsType<IssueOutcome.Issued>(direct);
    }

    [Fact]
    public async Task Some_steps_run_without_the_others()
    {
        TestAuthority authority = TestAuthority.WithoutCas();

        PipelineReport report = await new RunPipeline(authority.Deployment).RunAsync(
            new HashSet<CaFunction> { CaFunction.CreateRootCa, CaFunction.RootCaCrl }, TestContext.Current.CancellationToken);

        Assert.Equal([(CaFunction.CreateRootCa, false), (CaFunction.RootCaCrl, true)], report.Steps.Select(step => (step.Step, step.IsPublished)));
    }

    private static string Entries(params string[] names) => new JsonArray(
        [.. names.Select(name => new JsonObject { ["common_name"] = name, ["csr_file"] = $"{name}.csr" })]).ToJsonString();

    private static byte[] Marked(string encoding, string text)
    {
        Encoding marked = Encoding.GetEncoding(encoding);
        return [.. marked.Preamble, .. marked.GetBytes(text)];
    }

    private static string CsrOf(string name) => SomeRequests.Csr($"CN={name}");

    private sealed class OddFiles(IInternalFiles files, string odd) : IInternalFiles
    {
        public string Location => files.Location;

        public Task<StoredFile?> ReadAsync(string key, CancellationToken cancellation) =>
            key == odd ? throw new FilesUnavailableException($"{key} is a pipe") { IsUnfit = true } : files.ReadAsync(key, cancellation);
    }
}

/// <summary>Tests contract 12.19: a list that does not change causes no notifications.</summary>
public sealed class QuietNightTests
{
    [Fact]
    public async Task An_entry_that_is_refused_is_announced_once_and_again_only_for_another_reason()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/one.csr", SomeRequests.Csr());
        Put(authority, new JsonObject { ["lifetime"] = 0 });

        Assert.Equal(EntryStatus.Refused, Assert.Single((await authority.RunAsync()).Entries).Status);
        Assert.Equal(EntryStatus.Refused, Assert.Single((await authority.RunAsync()).Entries).Status);
        Assert.Equal(1, Rejections(authority));

        Put(authority, new JsonObject { ["lifetime"] = "ten" });
        await authority.RunAsync();
        await authority.RunAsync();
        Assert.Equal(2, Rejections(authority));
    }

    [Fact]
    public async Task A_forced_entry_is_issued_in_one_run_and_not_in_the_next()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/one.csr", SomeRequests.Csr());
        Put(authority, new JsonObject { ["force_issue"] = true });

        EntryStatus[] ended = [(await authority.RunAsync()).Entries[0].Status, (await authority.RunAsync()).Entries[0].Status];

        Assert.Equal([EntryStatus.Issued, EntryStatus.AlreadyIssued], ended);
        Assert.Single(authority.Issued);
    }

    private static int Rejections(TestAuthority authority) => authority.Told.Count(subject => subject == "Certificate Request Rejected");

    private static void Put(TestAuthority authority, JsonObject more) =>
        authority.Internal.With("tls.json", new JsonArray(SomeRequests.Entry("one.example.com", "one.csr", more)).ToJsonString());
}
