using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.History;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Access;

/// <summary>Checks that callers who are bound to a policy get what it allows and nothing else.</summary>
public sealed class RequestPolicyTests
{
    private const string Extension = "1.3.6.1.4.1.32473.1";

    private static readonly string[] Names =
        ["a.web.example.com", "b.web.example.com", "*.web.example.com", "x.y.web.example.com", "web.example.com", "A.WEB.example.com", "a.api.example.com", "client 1"];

    private static readonly string[] Patterns = ["*.web.example.com", "a.*.example.com", "*.*.example.com", "web.example.com", "client *", "*"];

    private static readonly Gen<Scene> Scenes =
        from patterns in Gen.Int[0, Patterns.Length - 1].Array[1, 2]
        from usages in Gen.Int[0, 3]
        from days in Gen.Int[0, 3]
        from extension in Gen.Bool
        from name in Gen.Int[0, Names.Length - 1]
        from san in Gen.Int[-1, Names.Length - 1]
        from wanted in Gen.Int[0, 3]
        from lifetime in Gen.Int[0, 3]
        from asksExtension in Gen.Int[0, 3]
        from force in Gen.Int[0, 5]
        select new Scene([.. patterns.Select(place => Patterns[place])], usages, Days[days], extension, Names[name], san < 0 ? null : Names[san], wanted, Days[lifetime], asksExtension == 0, force == 0);

    private static int?[] Days => [null, 1, 30, 90];

    public static TheoryData<string, string, string?> Verdicts => new()
    {
        { "{}", "", null },
        { """{"common_name": "a.api.example.com"}""", "common_name", "Policy \"web\" allows no common name 'a.api.example.com': rule common_names is *.web.example.com" },
        { """{"sans": ["a.api.example.com"]}""", "sans", "Policy \"web\" allows no alternative name DNS_NAME 'a.api.example.com': rule sans is DNS_NAME:*.web.example.com" },
        { """{"sans": [{"type": "IP_ADDRESS", "value": "10.0.0.1"}]}""", "sans", "Policy \"web\" allows no alternative name IP_ADDRESS '10.0.0.1': rule sans is DNS_NAME:*.web.example.com" },
        { """{"email_address": "a@example.com"}""", "email_address", "Policy \"web\" allows no e-mail address 'a@example.com': rule sans is DNS_NAME:*.web.example.com" },
        { """{"purposes": ["client_auth"]}""", "extended_key_usages", "Policy \"web\" allows no usage TLS_WEB_CLIENT_AUTHENTICATION: rule usages is TLS_WEB_SERVER_AUTHENTICATION" },
        { """{"lifetime": 91}""", "lifetime", "Policy \"web\" allows no lifetime of 91 days: rule max_days is 90" },
        { """{"lifetime": 90}""", "", null },
        { $$"""{"extensions": [{"oid": "{{Extension}}", "value_b64": "BQA="}]}""", "extensions", $"Policy \"web\" allows no custom extension {Extension}: rule extensions is empty" },
        { """{"force_issue": true}""", "force_issue", "Policy \"web\" allows no key that was used before: rule allow_force is false" },
    };

    [Theory]
    [MemberData(nameof(Verdicts))]
    public async Task A_refusal_names_policy_and_rule(string changes, string field, string? message)
    {
        TestAuthority authority = await AuthorityAsync();
        JsonObject more = JsonNode.Parse(changes)!.AsObject();
        more["purposes"] ??= new JsonArray("server_auth");

        IssueOutcome outcome = await IssueAsync(authority, SomePolicies.Policy(), SomeRequests.Direct("a.web.example.com", more: more));

        if (message is null)
        {
            Assert.IsType<IssueOutcome.Issued>(outcome);
            return;
        }

        Rejection why = Assert.IsType<IssueOutcome.Refused>(outcome).Why;
        Assert.Equal((RejectionCode.PolicyRefused, field, message), (why.Code, why.Field, why.Message));
        Assert.Contains("\"code\":\"policy_refused\"", outcome.Json, StringComparison.Ordinal);
        Assert.Empty(authority.Issued);
    }

    [Fact]
    public async Task Without_a_policy_everything_is_as_before()
    {
        TestAuthority authority = await AuthorityAsync(settings => settings with { RequestPolicies = [SomePolicies.Policy()] });

        Assert.IsType<IssueOutcome.Issued>(await authority.IssueAsync(SomeRequests.Direct("a.api.example.com")));
    }

    [Fact]
    public async Task A_caller_does_not_learn_by_its_policy_whether_a_key_was_used()
    {
        TestAuthority authority = await AuthorityAsync();
        string csr = SomeRequests.Csr();
        await authority.IssueAsync(SomeRequests.Direct("a.api.example.com", csr));

        IssueOutcome outcome = await IssueAsync(authority, SomePolicies.Policy(), SomeRequests.Direct("a.api.example.com", csr));

        Assert.Equal(RejectionCode.PolicyRefused, Assert.IsType<IssueOutcome.Refused>(outcome).Why.Code);
    }

    [Fact]
    public async Task The_history_says_which_policy_refused()
    {
        TestAuthority authority = await AuthorityAsync();

        await IssueAsync(authority, SomePolicies.Policy(), SomeRequests.Direct("a.api.example.com"));

        IReadOnlyList<HistoryEntry> entries = await authority.Ledger.FindHistoryAsync(new HistoryQuery(10) { CommonName = "a.api.example.com" }, TestContext.Current.CancellationToken);
        Assert.StartsWith("policy_refused: Policy \"web\"", Assert.Single(entries).Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_certificate_exists_that_its_policy_would_refuse()
    {
        int issued = 0;
        int refused = 0;
        await Scenes.Array[1, 6].SampleAsync(
            async scenes =>
            {
                TestAuthority authority = await AuthorityAsync();
                foreach (Scene scene in scenes)
                {
                    int before = authority.Issued.Count();
                    RequestPolicy policy = SomePolicies.Policy(scene.Policy());
                    IssueOutcome outcome = await IssueAsync(authority, policy, scene.Request());
                    CertificateRecord[] added = [.. authority.Issued.Skip(before)];
                    bool isRefused = outcome is IssueOutcome.Refused { Why.Code: RejectionCode.PolicyRefused };
                    Assert.Equal(scene.IsAllowed(), !isRefused);
                    Assert.Equal(outcome is IssueOutcome.Issued ? 1 : 0, added.Length);
                    foreach (CertificateRecord row in added)
                    {
                        Certificate certificate = authority.CertificateOf(row);
                        Assert.Null(policy.WhyNot(PolicyFacts.Of(certificate)));
                    }

                    Interlocked.Add(ref issued, added.Length);
                    Interlocked.Add(ref refused, isRefused ? 1 : 0);
                }
            },
            iter: 150);

        Assert.True(issued > 20 && refused > 20, $"{issued} issued, {refused} refused: the model shows too little");
    }

    private static Task<TestAuthority> AuthorityAsync(Func<CaSettings, CaSettings>? change = null) => TestAuthority.CreateAsync(settings =>
    {
        settings = settings with { CustomExtensionAllowlist = [Extension], SingleLabelNames = true };
        return change is null ? settings : change(settings);
    });

    private static Task<IssueOutcome> IssueAsync(TestAuthority authority, RequestPolicy policy, JsonObject request) => new IssueCertificate(authority.Deployment)
        .RunAsync(Encoding.UTF8.GetBytes(request.ToJsonString()), CallerRights.Everything.Under(policy), TestContext.Current.CancellationToken);

    /// <summary>A policy, and a request of a caller who is bound to it. Says by rules of its own whether it is allowed.</summary>
    private sealed record Scene(
        string[] Patterns, int Usages, int? MaxDays, bool AllowsExtension, string Name, string? San, int Wanted, int? Lifetime, bool AsksExtension, bool Forces)
    {
        private static readonly string[][] Lists = [["server_auth"], ["client_auth"], ["server_auth", "client_auth"], ["*"]];

        public string Policy()
        {
            var policy = new JsonObject { ["common_names"] = Array(Patterns), ["usages"] = Array(Lists[Usages]), ["extensions"] = AllowsExtension ? Array([Extension]) : null };
            policy["max_days"] = MaxDays;
            return policy.ToJsonString();
        }

        public JsonObject Request()
        {
            var more = new JsonObject { ["purposes"] = Array(Wanted == 3 ? ["client_auth"] : Lists[Wanted]) };
            if (Lifetime is { } days)
            {
                more["lifetime"] = days;
            }

            if (San is not null && San.Contains('.', StringComparison.Ordinal))
            {
                more["sans"] = Array([San]);
            }

            if (AsksExtension)
            {
                more["extensions"] = new JsonArray(new JsonObject { ["oid"] = Extension, ["value_b64"] = "BQA=" });
            }

            if (Forces)
            {
                more["force_issue"] = true;
            }

            return SomeRequests.Direct(Name, more: more);
        }

        public bool IsAllowed()
        {
            string? san = San?.Contains('.', StringComparison.Ordinal) == true ? San : Name.Contains('.', StringComparison.Ordinal) ? Name : null;
            string[] wanted = Wanted == 3 ? ["client_auth"] : Lists[Wanted];
            return Fits(Name) && (san is null || Fits(san))
                && (Usages == 3 || wanted.All(usage => Lists[Usages].Contains(usage)))
                && (MaxDays is null || (Lifetime ?? 30) <= MaxDays)
                && (!AsksExtension || AllowsExtension) && !Forces;
        }

        private bool Fits(string name) => Patterns.Any(pattern => pattern == "*"
            || Regex.IsMatch(name, $"^{Regex.Escape(pattern).Replace("\\*", "[^.]*", StringComparison.Ordinal).Replace("\\ ", " ", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));

        private static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)value)]);
    }
}
