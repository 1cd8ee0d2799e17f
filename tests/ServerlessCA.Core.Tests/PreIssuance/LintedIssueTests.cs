using System.Text.Json.Nodes;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.PreIssuance;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.PreIssuance;

/// <summary>What lints do to an answer (contract 12.31): warn, or refuse where the operator says so, and nothing to the certificate.</summary>
public sealed class LintedIssueTests
{
    private const string CountryWarning = "lint country-unknown: the country 'UK' is no code of ISO 3166-1: give the code of two letters, such as GB for the United Kingdom";

    private static JsonObject Odd => SomeRequests.Direct(more: new JsonObject { ["country"] = "UK", ["lifetime"] = 1, ["sans"] = new JsonArray("no name") });

    [Fact]
    public async Task Findings_are_warned_of_behind_everything_else_and_notices_are_not()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(Odd));

        Assert.Equal(2, issued.Warnings.Count);
        Assert.StartsWith("sans: DNS_NAME 'no name' was left out", issued.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(CountryWarning, issued.Warnings[1]);
    }

    [Fact]
    public async Task An_ordinary_request_is_warned_of_nothing()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        JsonObject server = new() { ["purposes"] = new JsonArray("server_auth"), ["sans"] = new JsonArray("client.example.test", "second.example.test"), ["country"] = "GB" };

        Assert.Empty(Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct())).Warnings);
        Assert.Empty(Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct(more: server))).Warnings);
    }

    [Fact]
    public async Task What_contract_12_24_warns_of_is_not_warned_of_twice()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        JsonObject server = new() { ["purposes"] = new JsonArray("server_auth") };

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct("A server", more: server)));

        Assert.Equal([RequestedContents.NoName], issued.Warnings);
    }

    [Theory]
    [InlineData("country-unknown")]
    [InlineData("warning")]
    public async Task What_is_switched_off_is_not_found(string ignored)
    {
        TestAuthority authority = await WithLintsAsync(new LintPolicy { Ignore = [ignored] });

        var issued = Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(Odd));

        Assert.Single(issued.Warnings);
    }

    [Theory]
    [InlineData("country-unknown", "")]
    [InlineData("warning", "")]
    [InlineData("country-unknown", "warning")] // an id counts before a severity
    public async Task What_refuses_names_lint_and_clause_and_nothing_is_issued(string refusing, string ignored)
    {
        TestAuthority authority = await WithLintsAsync(new LintPolicy { Refuse = [refusing], Ignore = ignored.Split(' ', StringSplitOptions.RemoveEmptyEntries) });

        var refused = Assert.IsType<IssueOutcome.Refused>(await authority.IssueAsync(Odd));

        Assert.Equal(RejectionCode.LintRefused, refused.Why.Code);
        Assert.Equal(CountryWarning.Replace("country-unknown:", "country-unknown (X.520 §6.3.1, ISO 3166-1):", StringComparison.Ordinal), refused.Why.Message);
        Assert.Contains("\"code\":\"lint_refused\"", refused.Json, StringComparison.Ordinal);
        Assert.Empty(authority.Issued);
        Assert.Equal(["Certificate Request Rejected"], authority.Told);
    }

    [Theory]
    [InlineData("error", "country-unknown")]
    [InlineData("warning", "country-unknown")]
    [InlineData("eku-any", "")]
    public async Task What_does_not_refuse_is_issued(string refusing, string ignored)
    {
        TestAuthority authority = await WithLintsAsync(new LintPolicy { Refuse = [refusing], Ignore = [ignored] });

        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(Odd));
    }

    [Fact]
    public async Task Lints_of_a_target_run_where_the_operator_names_it()
    {
        JsonObject server = new() { ["purposes"] = new JsonArray("server_auth") };
        TestAuthority nowhere = await WithLintsAsync(new LintPolicy());
        TestAuthority behind = await WithLintsAsync(new LintPolicy { Targets = [LintTarget.CloudFront] });

        Assert.Empty(Assert.IsType<IssueOutcome.Issued>(await nowhere.IssueAsync(SomeRequests.Direct(more: server))).Warnings);
        Assert.StartsWith(
            "lint cloudfront-private-ca: ", Assert.Single(Assert.IsType<IssueOutcome.Issued>(await behind.IssueAsync(SomeRequests.Direct(more: server))).Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_has_its_certificate_meets_no_lints()
    {
        TestAuthority authority = await TestAuthority.CreateAsync();
        authority.Internal.With("csrs/one.csr", SomeRequests.Csr());
        authority.Internal.With("tls.json", new JsonArray(SomeRequests.Entry("one.example.test", "one.csr", new JsonObject { ["country"] = "UK" })).ToJsonString());
        await authority.RunAsync();
        authority.Settings = authority.Settings with { Lints = new LintPolicy { Refuse = ["notice", "warning", "error"] } };

        await authority.RunAsync();

        Assert.Single(authority.Issued);
        Assert.Equal(["Certificate Issued"], authority.Told);
    }

    [Fact]
    public async Task An_entry_that_is_refused_every_night_is_announced_once()
    {
        TestAuthority authority = await WithLintsAsync(new LintPolicy { Refuse = ["country-unknown"] });
        authority.Internal.With("csrs/one.csr", SomeRequests.Csr());
        authority.Internal.With("tls.json", new JsonArray(SomeRequests.Entry("one.example.test", "one.csr", new JsonObject { ["country"] = "UK" })).ToJsonString());

        await authority.RunAsync();
        await authority.RunAsync();

        Assert.Empty(authority.Issued);
        Assert.Equal(["Certificate Request Rejected"], authority.Told);
    }

    [Fact]
    public void A_word_that_is_switched_off_and_refuses_is_a_contradiction()
    {
        CaSettings settings = TestAuthority.WithoutCas().Settings with { Lints = new LintPolicy { Ignore = ["eku-any", "notice"], Refuse = ["eku-any", "error"] } };

        Assert.Equal(["lint_ignore and lint_refuse both name 'eku-any': take it out of one of them"], SettingsCheck.Problems(settings));
    }

    private static Task<TestAuthority> WithLintsAsync(LintPolicy policy) => TestAuthority.CreateAsync(settings => settings with { Lints = policy });
}
