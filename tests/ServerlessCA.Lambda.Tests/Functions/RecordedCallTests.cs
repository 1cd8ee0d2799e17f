using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.Gateway;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Lambda.Tests.Support;
using ServerlessCA.Slack.Tests.Fakes;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Compares the calls of each function with <c>tests/golden/aws/actions.json</c>, by which the roles of the Terraform
/// module are checked. <c>UPDATE_GOLDEN=1</c> records them anew.</summary>
public sealed class PermissionTests(AwsFixture aws)
{
    private const string Entry = """{"common_name": "one.example.com", "csr_file": "one.csr", "lifetime": 90}""";

    private static readonly string Golden = Repository.At("tests", "golden", "aws", "actions.json");

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_function_makes_the_recorded_calls_and_no_others()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        await using EmulatedDeployment deployment = await aws.DeployAsync(new Dictionary<string, string> { ["SLACK_API_URL"] = slack.BaseAddress.ToString() });

        await LiveAsync(deployment);

        string seen = Text(deployment);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Golden)!);
            await File.WriteAllTextAsync(Golden, seen, Cancellation);
        }

        Assert.Equal(await File.ReadAllTextAsync(Golden, Cancellation), seen);
    }

    // Prepares everything that makes a function make a call that it does not always make.
    private static async Task LiveAsync(EmulatedDeployment deployment)
    {
        await deployment.PutInternalAsync("csrs/one.csr", SomeCsr.Pem("one.example.com"));
        await deployment.PutInternalAsync("tls.json", $"[{Entry}]");
        await IssueAsync(deployment, JsonNode.Parse(Entry)!);
        JsonObject repeated = SomeCsr.Event("two.example.com");
        (repeated["idempotency_token"], repeated["notify_issued"]) = ("once", true);
        deployment.Gateway.Refuse("sns", times: 20);
        JsonNode first = await IssueAsync(deployment, repeated);
        deployment.Gateway.Refuse("sns", times: 0);
        Assert.Equal(first.ToJsonString(), (await IssueAsync(deployment, repeated)).ToJsonString());
        JsonObject due = SomeCsr.Event("due.example.com");
        due["notify_expiry"] = true;
        await IssueAsync(deployment, due);
        await deployment.ExpireInAsync("due.example.com", days: 7); // a day with a reminder
        Assert.Equal("""{"Settled":[0]}""", (await deployment.InvokeAsync("tls-cert", JsonNode.Parse("""{"settled_entries_of": "tls.json"}""")!)).Text);
        Assert.False((await deployment.InvokeAsync("tls-cert", JsonNode.Parse("""{"common_name": "a"}""")!)).IsError);
        Assert.False((await deployment.InvokeAsync("tls-cert", JsonNode.Parse("""{"ca_chain_only": true}""")!)).IsError);
        string serial = first["CertificateInfo"]!["SerialNumber"]!.GetValue<string>();
        await deployment.PutInternalAsync("revoked.json", $$"""[{"common_name": "two.example.com", "serial_number": "{{serial}}"}]""");
        await deployment.PutInternalAsync("revoked-root-ca.json", """[{"common_name": "nobody", "serial_number": "1"}]""");
        foreach (string handler in (string[])["root-ca-crl", "issuing-ca-crl", "issuing-ca-crl", "expiry", "expiry"])
        {
            FunctionAnswer answer = await deployment.InvokeAsync(handler);
            Assert.Equal((handler == "root-ca-crl", answer.Text), (answer.IsError, answer.Text)); // no certificate has that serial number
        }

        Assert.Equal("null", (await deployment.InvokeAsync("notify", Topic())).Text);
        Assert.Equal(5, (await deployment.ReceiveAsync()).Count(message => message["Subject"]!.GetValue<string>() != "Certificate Request Rejected"));
    }

    private static async Task<JsonNode> IssueAsync(EmulatedDeployment deployment, JsonNode request)
    {
        JsonNode answer = (await deployment.InvokeAsync("tls-cert", request)).Json!;
        Assert.NotNull(answer["CertificateInfo"]);
        return answer;
    }

    private static JsonObject Topic() => new()
    {
        ["Records"] = new JsonArray(new JsonObject { ["Sns"] = new JsonObject { ["Subject"] = "anything", ["Message"] = "{}" } }),
    };

    private static string Text(EmulatedDeployment deployment)
    {
        var functions = new JsonObject();
        foreach (string handler in EmulatedDeployment.Handlers)
        {
            IEnumerable<AwsPermission> permissions = deployment.Gateway.Calls.Where(call => call.Caller == EmulatedDeployment.AccessKeyOf(handler))
                .SelectMany(call => call.Permissions).Select(permission => permission with { Resource = ShortName(deployment, permission) })
                .Distinct().OrderBy(permission => permission.Action, StringComparer.Ordinal).ThenBy(permission => permission.Resource, StringComparer.Ordinal);
            functions[handler] = new JsonArray([.. permissions.Select(permission =>
                new JsonObject { ["action"] = permission.Action, ["resource"] = permission.Resource })]);
        }

        return functions.ToJsonString(Layout) + "\n";
    }

    // Returns names as in the tests of the module (ServerlessCA.Terraform.Tests, Stack), for project "serverless".
    private static string ShortName(EmulatedDeployment deployment, AwsPermission permission)
    {
        string name = permission.Resource;
        (string Long, string Short)[] known =
        [
            ($"{deployment.Tables.Certificates}/", "table-index:"), ($"{deployment.Tables.Index}/", "index-table-index:"),
            (deployment.Tables.Certificates, "table"), (deployment.Tables.Index, "index-table"),
            ($"alias/{deployment.Names.RootCa}", "key:root"), ($"alias/{deployment.Names.IssuingCa}", "key:issuing"),
            ($"{deployment.ExternalBucket}/", "external:"), ($"{deployment.InternalBucket}/", "internal:"),
            (deployment.TopicArn, "topic"), (deployment.SecretArn, "secret"), ("*", "any"),
        ];
        foreach ((string longName, string shortName) in known)
        {
            bool isFolder = longName.EndsWith('/');
            if (isFolder ? name.StartsWith(longName, StringComparison.Ordinal) : name == longName)
            {
                string rest = isFolder ? name[longName.Length..] : "";
                return shortName + rest.Replace($"{deployment.Names.Project}-", "serverless-", StringComparison.Ordinal);
            }
        }

        throw new InvalidOperationException($"{permission} is of nothing that is deployed");
    }
}
