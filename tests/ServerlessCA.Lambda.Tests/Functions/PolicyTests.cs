using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Checks on the functions' program which caller gets which certificate: the alias in the invoked ARN names the
/// policy.</summary>
public sealed class PolicyTests(AwsFixture aws)
{
    private const string Policies = """
        {
          "web": { "common_names": ["*.web.example.com"], "sans": ["DNS_NAME:*.web.example.com", "IP_ADDRESS:10.1.0.0/16"], "usages": ["server_auth"], "max_days": 30 },
          "users": { "common_names": ["*"], "sans": [], "usages": ["client_auth"], "allow_force": true }
        }
        """;

    /// <summary>Rows of caller, request and verdict. A caller is the alias that it invokes, empty for the function itself; a
    /// verdict is "issued", the code of a refusal, or the type of an error.</summary>
    public static TheoryData<string, string, string, string> Table => new()
    {
        { "web", "a name of its own", """{"common_name": "a.web.example.com", "purposes": ["server_auth"], "lifetime": 30}""", "issued" },
        { "web", "an address of its network", """{"common_name": "a.web.example.com", "sans": [{"type": "IP_ADDRESS", "value": "10.1.2.3"}], "purposes": ["server_auth"], "lifetime": 30}""", "issued" },
        { "web", "a name of others", """{"common_name": "a.users.example.com", "purposes": ["server_auth"], "lifetime": 30}""", "policy_refused" },
        { "web", "a deeper name", """{"common_name": "a.b.web.example.com", "purposes": ["server_auth"], "lifetime": 30}""", "policy_refused" },
        { "web", "an alternative name of others", """{"common_name": "a.web.example.com", "sans": ["b.example.com"], "purposes": ["server_auth"], "lifetime": 30}""", "policy_refused" },
        { "web", "an address outside", """{"common_name": "a.web.example.com", "sans": [{"type": "IP_ADDRESS", "value": "10.2.0.1"}], "purposes": ["server_auth"], "lifetime": 30}""", "policy_refused" },
        { "web", "another usage", """{"common_name": "a.web.example.com", "purposes": ["client_auth"], "lifetime": 30}""", "policy_refused" },
        { "web", "a longer life", """{"common_name": "a.web.example.com", "purposes": ["server_auth"], "lifetime": 31}""", "policy_refused" },
        { "web", "issuing again by force", """{"common_name": "a.web.example.com", "purposes": ["server_auth"], "lifetime": 30, "force_issue": true}""", "policy_refused" },
        { "users", "any name", """{"common_name": "somebody", "purposes": ["client_auth"], "sans": []}""", "issued" },
        { "users", "a server", """{"common_name": "a.web.example.com", "purposes": ["server_auth"], "sans": []}""", "policy_refused" },
        { "", "anything, as before", """{"common_name": "a.users.example.com", "lifetime": 300}""", "issued" },
        { "$LATEST", "the function itself by its other name", """{"common_name": "a.users.example.com"}""", "issued" },
        { "3", "a version", """{"common_name": "a.web.example.com"}""", "UnknownPolicyException" },
        { "live", "an alias of somebody", """{"common_name": "a.web.example.com"}""", "UnknownPolicyException" },
        { "Web", "a policy in other letters", """{"common_name": "a.web.example.com"}""", "UnknownPolicyException" },
    };

    [Fact]
    public async Task Each_caller_gets_what_its_policy_allows()
    {
        await using EmulatedDeployment deployment = await DeployAsync();

        foreach ((string caller, string what, string request, string expected) in Table.Select(row => row.Data))
        {
            FunctionAnswer answer = await deployment.InvokeAsync("tls-cert", Event(request), caller.Length == 0 ? null : caller);

            Assert.True(Verdict(answer) == expected, $"'{caller}' requests {what}: {answer.Text}");
        }
    }

    // serve answers the same rows (docs/policies.md).
    [Fact]
    public async Task Both_worlds_answer_the_same_requests_alike()
    {
        await using EmulatedDeployment deployment = await DeployAsync(PolicyRows.Setting);

        foreach (PolicyRow row in PolicyRows.All)
        {
            FunctionAnswer bound = await deployment.InvokeAsync("tls-cert", Event(row.Request().ToJsonString()), PolicyRows.Policy);
            FunctionAnswer free = await deployment.InvokeAsync("tls-cert", Event(row.Request().ToJsonString()));

            Assert.True(Verdict(bound) == (row.Rule is null ? "issued" : "policy_refused"), $"{row.Name}: {bound.Text}");
            Assert.Equal(row.Rule, row.Rule is null ? null : PolicyRow.RuleOf(bound.Json!["error"]!.GetValue<string>()));
            Assert.True(Verdict(free) == "issued", $"{row.Name}, without a policy: {free.Text}");
        }
    }

    [Fact]
    public async Task The_alias_of_the_original_is_the_function_itself()
    {
        await using EmulatedDeployment deployment = await DeployAsync();

        FunctionAnswer answer = await deployment.InvokeAsync("tls-cert", SomeCsr.Event("a.users.example.com"), deployment.FunctionName("tls-cert"));

        Assert.Equal("issued", Verdict(answer));
    }

    [Fact]
    public async Task A_refusal_names_the_policy_and_what_it_does_not_allow()
    {
        await using EmulatedDeployment deployment = await DeployAsync();

        FunctionAnswer answer = await deployment.InvokeAsync("tls-cert", SomeCsr.Event("a.users.example.com"), "web");

        Assert.StartsWith("Policy \"web\" allows no common name 'a.users.example.com': rule common_names", answer.Json!["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    // Everything that a caller sends: the event, and the client context that Lambda copies into a header.
    [Theory]
    [InlineData("""{"invoked_function_arn": "arn:aws:lambda:eu-west-2:123456789012:function:x:users", "policy": "users"}""", null)]
    [InlineData("{}", """{"custom": {"Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-2:123456789012:function:x:users"}}""")]
    [InlineData("{}", """{"client": {"policy": "users"}, "env": {"qualifier": "users"}}""")]
    public async Task Nothing_that_a_caller_sends_changes_its_policy(string members, string? clientContext)
    {
        await using EmulatedDeployment deployment = await DeployAsync();
        JsonObject request = Event("""{"common_name": "somebody", "purposes": ["client_auth"], "sans": []}""");
        foreach ((string name, JsonNode? value) in JsonNode.Parse(members)!.AsObject())
        {
            request[name] = value!.DeepClone();
        }

        LambdaFunction function = await deployment.FunctionAsync("tls-cert");
        FunctionAnswer answer = await function.InvokeAsync(Encoding.UTF8.GetBytes(request.ToJsonString()), qualifier: "web", clientContext: clientContext);

        Assert.Equal("policy_refused", Verdict(answer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("arn:aws:lambda:eu-west-2:123456789012:function:x:web arn:aws:lambda:eu-west-2:123456789012:function:x:users")]
    [InlineData("arn:aws:lambda:eu-west-2:123456789012:function:x arn:aws:lambda:eu-west-2:123456789012:function:x:web")]
    [InlineData("x:users")]
    public async Task A_caller_gets_nothing_where_Lambda_does_not_say_one_ARN(string headers)
    {
        await using EmulatedDeployment deployment = await DeployAsync();
        LambdaFunction function = await deployment.FunctionAsync("tls-cert");
        byte[] request = Encoding.UTF8.GetBytes(SomeCsr.Event("a.web.example.com").ToJsonString());

        function.ArnHeaders = headers.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        FunctionAnswer unknown = await function.InvokeAsync(request);
        function.ArnHeaders = null;
        FunctionAnswer known = await function.InvokeAsync(request);

        Assert.Equal(("UnknownPolicyException", "issued"), (Verdict(unknown), Verdict(known)));
    }

    [Fact]
    public async Task A_caller_with_a_policy_does_not_search_the_list()
    {
        await using EmulatedDeployment deployment = await DeployAsync();
        await deployment.PutInternalAsync("tls.json", "[]");

        FunctionAnswer bound = await deployment.InvokeAsync("tls-cert", new JsonObject { ["settled_entries_of"] = "tls.json" }, "web");
        FunctionAnswer free = await deployment.InvokeAsync("tls-cert", new JsonObject { ["settled_entries_of"] = "tls.json" });

        Assert.NotEqual(free.Text, bound.Text);
        Assert.Contains("error", bound.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_policies_every_alias_and_version_is_the_function_itself()
    {
        await using EmulatedDeployment deployment = await aws.DeployAsync();

        Assert.Equal("issued", Verdict(await deployment.InvokeAsync("tls-cert", SomeCsr.Event("a.example.com"), "live")));
        Assert.Equal("issued", Verdict(await deployment.InvokeAsync("tls-cert", SomeCsr.Event("b.example.com"), "3")));
    }

    private Task<EmulatedDeployment> DeployAsync(string policies = Policies) => aws.DeployAsync(new Dictionary<string, string> { ["REQUEST_POLICIES"] = SomePacked.Text(policies) });

    private static JsonObject Event(string members)
    {
        JsonObject request = JsonNode.Parse(members)!.AsObject();
        request["base64_csr_data"] = SomeCsr.Base64(request["common_name"]!.GetValue<string>());
        return request;
    }

    private static string Verdict(FunctionAnswer answer) =>
        answer.ErrorType ?? (answer.Json!["CertificateInfo"] is not null ? "issued" : answer.Json["code"]!.GetValue<string>());
}
