using System.Collections;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Tests.Issuance;
using Xunit;

namespace ServerlessCA.Core.Tests.Access;

/// <summary>Tries every way to a certificate as a caller who is bound to a policy: a signer that goes wrong, certificates of other callers,
/// repeated tokens, entries, the chain alone, and any order of them (contract 12.32).</summary>
public sealed class BoundCallerTests
{
    private const string Extension = "1.3.6.1.4.1.32473.1";

    private static readonly RequestPolicy[] Policies =
    [
        SomePolicies.Policy(),
        SomePolicies.Policy("""{"common_names": ["*.web.example.com", "*.api.example.com"], "allow_force": true}""", "both"),
        SomePolicies.Policy("""{"common_names": ["*"], "sans": ["*"], "usages": ["client_auth"], "max_days": 30, "allow_force": true}""", "clients"),
    ];

    private static readonly string[] Names = ["a.web.example.com", "a.api.example.com"];
    private static readonly string[] Csrs = [SomeRequests.Csr(), SomeRequests.Csr()];

    private static readonly Gen<Call> Calls =
        from caller in Gen.Int[-1, Policies.Length - 1]
        from name in Gen.Int[0, Names.Length - 1]
        from csr in Gen.Int[0, Csrs.Length - 1]
        from days in Gen.Int[0, 2].Select(place => new[] { 30, 90, 365 }[place])
        from usage in Gen.Bool.Select(isServer => isServer ? "server_auth" : "client_auth")
        from token in Gen.Int[0, 2]
        from most in Gen.Bool.Select(isLong => isLong ? 400 : 60)
        from force in Gen.Bool
        select new Call(caller < 0 ? null : Policies[caller], Names[name], Csrs[csr], days, usage, token == 0 ? null : $"a-token-number-{token}", most, force);

    private static readonly Gen<Step> Steps =
        from call in Calls
        from repeats in Gen.Bool
        from place in Gen.Int[0, 11]
        select new Step(call, repeats, place);

    public static TheoryData<string, string> Signed => new()
    {
        { """{"common_name": "a.api.example.com", "sans": ["a.web.example.com"]}""", "common_name" },
        { """{"sans": ["a.web.example.com", "a.api.example.com"]}""", "sans" },
        { """{"email_address": "a@example.com"}""", "email_address" },
        { """{"extended_key_usages": ["CODE_SIGNING"]}""", "extended_key_usages" },
        { """{"lifetime": 91}""", "lifetime" },
        { $$"""{"extensions": [{"oid": "{{Extension}}", "value_b64": "BQA="}]}""", "extensions" },
    };

    [Theory]
    [MemberData(nameof(Signed))]
    public async Task A_finished_certificate_shows_what_the_policy_refuses(string changes, string field)
    {
        TestAuthority authority = await AuthorityAsync();
        JsonObject request = SomeRequests.Direct("a.web.example.com", more: new JsonObject { ["purposes"] = "server_auth" });
        Certificate good = await CertificateAsync(authority, request);
        foreach ((string name, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
        {
            request[name] = value?.DeepClone();
        }

        request["force_issue"] = true;
        Certificate bad = await CertificateAsync(authority, request);

        Assert.Null(Policies[0].WhyNot(PolicyFacts.Of(good)));
        Assert.Equal((RejectionCode.PolicyRefused, field), Policies[0].WhyNot(PolicyFacts.Of(bad)) is { } why ? (why.Code, why.Field) : default);
    }

    [Fact]
    public async Task A_finished_certificate_that_the_policy_refuses_is_thrown_away()
    {
        TestAuthority authority = await AuthorityAsync();
        JsonObject request = SomeRequests.Direct("a.web.example.com", more: new JsonObject { ["purposes"] = "server_auth" });
        int signatures = authority.Keys.SignatureCount;
        var usages = new AllowedWhile(() => authority.Keys.SignatureCount == signatures, ExtendedKeyUsage.ServerAuth);

        IssueOutcome outcome = await IssueAsync(authority, Policies[0] with { Usages = usages }, request);

        Rejection why = Assert.IsType<IssueOutcome.Refused>(outcome).Why;
        Assert.Equal((RejectionCode.PolicyRefused, RequestKeys.ExtendedKeyUsages, signatures + 1), (why.Code, why.Field, authority.Keys.SignatureCount));
        Assert.Empty(authority.Issued);
        Assert.IsType<IssueOutcome.Issued>(await IssueAsync(authority, Policies[0], request)); // its key is as unused as before
    }

    [Fact]
    public async Task A_repeated_token_gets_no_certificate_of_others_that_the_policy_refuses()
    {
        TestAuthority authority = await AuthorityAsync();
        JsonObject request = SomeRequests.Direct("a.web.example.com", more: new JsonObject
        {
            ["purposes"] = "server_auth", ["lifetime"] = 365, ["idempotency_token"] = "a-token-of-somebody-else",
        });
        Assert.IsType<IssueOutcome.Issued>(await IssueAsync(authority, null, request));
        authority.Settings = authority.Settings with { MaxCertLifetime = 30 }; // by which the request alone is no longer too long

        IssueOutcome bound = await IssueAsync(authority, Policies[0], request);
        IssueOutcome free = await IssueAsync(authority, null, request);

        Rejection why = Assert.IsType<IssueOutcome.Refused>(bound).Why;
        Assert.Equal((RejectionCode.PolicyRefused, "Policy \"web\" allows no lifetime of 365 days: rule max_days is 90"), (why.Code, why.Message));
        Assert.True(Assert.IsType<IssueOutcome.Issued>(free).Repeated);
    }

    [Fact]
    public async Task A_repeated_token_gets_the_certificate_that_the_policy_allows()
    {
        TestAuthority authority = await AuthorityAsync();
        JsonObject request = SomeRequests.Direct("a.web.example.com", more: new JsonObject { ["purposes"] = "server_auth", ["idempotency_token"] = "a-token-of-this-caller" });

        IssueOutcome first = await IssueAsync(authority, Policies[0], request);
        IssueOutcome second = await IssueAsync(authority, Policies[0], request);

        Assert.True(Assert.IsType<IssueOutcome.Issued>(second).Repeated);
        Assert.Equal(Assert.IsType<IssueOutcome.Issued>(first).Record.SerialNumber, Assert.IsType<IssueOutcome.Issued>(second).Record.SerialNumber);
    }

    [Theory]
    [InlineData("a.web.example.com", "already_issued")]
    [InlineData("a.api.example.com", "policy_refused")]
    public async Task An_entry_of_the_operator_is_judged_by_the_policy_of_who_calls_with_it(string name, string code)
    {
        TestAuthority authority = await AuthorityAsync();
        authority.Internal.With("csrs/a.csr", SomeRequests.Csr());
        JsonObject entry = SomeRequests.Entry(name, "a.csr", new JsonObject { ["purposes"] = "server_auth" });
        Assert.IsType<IssueOutcome.Issued>(await IssueAsync(authority, null, entry));

        IssueOutcome outcome = await IssueAsync(authority, Policies[0], entry);

        Assert.Equal(code, RejectionCodes.NameOf(Assert.IsType<IssueOutcome.Refused>(outcome).Why.Code));
        Assert.DoesNotContain("Base64Certificate", outcome.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bound_caller_searches_for_no_settled_entries_and_gets_the_chain()
    {
        TestAuthority authority = await AuthorityAsync();
        authority.Internal.With("tls.json", "[]");
        var invoke = new InvokeFunction(authority.Deployment);

        string search = await RunAsync("""{"settled_entries_of": "tls.json"}""", Policies[0]);
        string free = await RunAsync("""{"settled_entries_of": "tls.json"}""", null);
        string chain = await RunAsync("""{"ca_chain_only": true}""", Policies[0]);

        Assert.DoesNotContain("Settled", search, StringComparison.Ordinal);
        Assert.Contains("\"error\"", search, StringComparison.Ordinal);
        Assert.Contains("Settled", free, StringComparison.Ordinal);
        Assert.Contains("Base64CaChain", chain, StringComparison.Ordinal);
        Assert.Empty(authority.Issued);

        async Task<string> RunAsync(string json, RequestPolicy? policy) => (await invoke.RunAsync(
            CaFunction.TlsCert, Encoding.UTF8.GetBytes(json), CallerRights.Everything.Under(policy), TestContext.Current.CancellationToken)).Json;
    }

    // About half of the steps repeat an earlier call as another caller, which is where a certificate could pass from one to the other.
    [Fact]
    public async Task Whatever_callers_do_nobody_gets_a_certificate_that_its_policy_refuses()
    {
        int steps = 0;
        int again = 0;
        int repeated = 0;
        int refusedRepeats = 0;
        await Steps.Array[4, 12].SampleAsync(
            async chosen =>
            {
                TestAuthority authority = await AuthorityAsync();
                var calls = new List<Call>();
                foreach (Step step in chosen)
                {
                    bool repeats = step.Repeats && calls.Count > 0;
                    Call call = repeats ? step.As(calls[step.Place % calls.Count]) : step.New;
                    calls.Add(call);
                    bool mayRepeat = call.Token is not null && repeats;
                    authority.Settings = authority.Settings with { MaxCertLifetime = call.MostDays };
                    HashSet<SerialNumber> before = [.. authority.Issued.Select(row => row.SerialNumber)];
                    IssueOutcome outcome = await IssueAsync(authority, call.Policy, call.Request());
                    CertificateRecord[] answered = outcome is IssueOutcome.Issued issued ? [issued.Record] : [];
                    CertificateRecord[] added = [.. authority.Issued.Where(row => !before.Contains(row.SerialNumber))];
                    bool isRefused = call.Policy is not null && outcome is IssueOutcome.Refused { Why.Code: RejectionCode.PolicyRefused };
                    Assert.All(answered.Concat(added), row => Assert.Null(call.Policy?.WhyNot(PolicyFacts.Of(authority.CertificateOf(row)))));
                    Assert.True(!isRefused || added.Length == 0);
                    Interlocked.Increment(ref steps);
                    Interlocked.Add(ref again, repeats ? 1 : 0);
                    Interlocked.Add(ref repeated, outcome is IssueOutcome.Issued { Repeated: true } ? 1 : 0);
                    Interlocked.Add(ref refusedRepeats, isRefused && mayRepeat ? 1 : 0);
                }
            },
            iter: 150);

        Assert.True(again * 3 > steps, $"{again} of {steps} steps repeat a call: the model shows too little");
        Assert.True(repeated > 0 && refusedRepeats > 0, $"{repeated} repeated, {refusedRepeats} refused with a token: the model shows too little");
    }

    private static Task<TestAuthority> AuthorityAsync() => TestAuthority.CreateAsync(settings => settings with { CustomExtensionAllowlist = [Extension] });

    private static Task<IssueOutcome> IssueAsync(TestAuthority authority, RequestPolicy? policy, JsonObject request) => new IssueCertificate(authority.Deployment)
        .RunAsync(Utf8(request), CallerRights.Everything.Under(policy), TestContext.Current.CancellationToken);

    private static async Task<Certificate> CertificateAsync(TestAuthority authority, JsonObject request) =>
        authority.CertificateOf(Assert.IsType<IssueOutcome.Issued>(await IssueAsync(authority, null, request)).Record);

    private static byte[] Utf8(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    /// <summary>A request of a caller, and the longest lifetime that the CA grants at that time.</summary>
    private sealed record Call(RequestPolicy? Policy, string Name, string Csr, int Lifetime, string Purpose, string? Token, int MostDays, bool Forces)
    {
        public JsonObject Request()
        {
            JsonObject request = SomeRequests.Direct(Name, Csr, new JsonObject { ["purposes"] = Purpose, ["lifetime"] = Lifetime, ["force_issue"] = Forces });
            if (Token is not null)
            {
                request["idempotency_token"] = Token;
            }

            return request;
        }
    }

    /// <summary>Makes a new call, or repeats an earlier one as another caller, at another time.</summary>
    private sealed record Step(Call New, bool Repeats, int Place)
    {
        public Call As(Call earlier) => earlier with
        {
            Policy = New.Policy == earlier.Policy ? Policies[(Array.IndexOf(Policies, earlier.Policy) + 1) % Policies.Length] : New.Policy,
            MostDays = New.MostDays,
        };
    }

    /// <summary>Lists one usage as long as a condition holds.</summary>
    private sealed class AllowedWhile(Func<bool> holds, string usage) : IReadOnlyList<string>
    {
        public int Count => holds() ? 1 : 0;

        public string this[int index] => usage;

        public IEnumerator<string> GetEnumerator() => Enumerable.Repeat(usage, Count).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
