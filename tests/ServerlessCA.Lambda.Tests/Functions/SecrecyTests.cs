using System.Text.Json.Nodes;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Tests.Support;
using ServerlessCA.Slack.Tests.Fakes;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Checks that logs of every level contain no secrets, CSRs and certificates (contract 12.11), whatever the event
/// contains.</summary>
public sealed class SecrecyTests(AwsFixture aws)
{
    [Fact]
    public async Task No_secret_CSR_or_certificate_is_logged_wherever_it_is_put()
    {
        await using FakeSlack slack = await FakeSlack.StartAsync();
        await using EmulatedDeployment deployment = await aws.DeployAsync(new Dictionary<string, string>
        {
            ["SLACK_API_URL"] = slack.BaseAddress.ToString(), ["AWS_LAMBDA_LOG_LEVEL"] = "TRACE",
        });
        string csr = SomeCsr.Pem("secret.example.com");
        string base64 = SomeCsr.Base64("secret.example.com");
        const string Key = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----";
        List<string> fed = [csr, base64, Key, FakeSlack.Token];

        JsonObject good = SomeCsr.Event("good.example.com");
        fed.Add(good["base64_csr_data"]!.GetValue<string>());
        foreach (string text in fed.ToArray())
        {
            await deployment.InvokeAsync("tls-cert", new JsonObject { ["common_name"] = text, ["base64_csr_data"] = text, ["csr_file"] = text });
            await deployment.InvokeAsync("tls-cert", new JsonObject { ["common_name"] = "a.example.com", ["base64_csr_data"] = base64, ["sans"] = new JsonArray(text), ["purposes"] = new JsonArray(text), ["idempotency_token"] = text });
            await deployment.InvokeAsync("tls-cert", JsonValue.Create(text));
            await deployment.PutInternalAsync("revoked.json", new JsonArray(new JsonObject { ["common_name"] = text, ["serial_number"] = text }).ToJsonString());
            await deployment.PutInternalAsync("tls.json", new JsonArray(new JsonObject { ["common_name"] = text, ["csr_file"] = text }, text).ToJsonString());
            await deployment.InvokeAsync("issuing-ca-crl");
            await deployment.InvokeAsync("expiry");
            await deployment.InvokeAsync("notify", new JsonObject { ["Records"] = new JsonArray(new JsonObject { ["Sns"] = new JsonObject { ["Subject"] = text, ["Message"] = text } }) });
            await deployment.InvokeAsync("notify", JsonValue.Create(text));
        }

        JsonNode answer = (await deployment.InvokeAsync("tls-cert", good)).Json!;
        fed.Add(answer["Base64Certificate"]!.GetValue<string>());
        string[] lines = [.. (await Task.WhenAll(EmulatedDeployment.Handlers.Select(deployment.FunctionAsync))).SelectMany(function => function.Lines)];
        Assert.True(lines.Length > 20, "too little was logged for a test of logs");
        Assert.All(fed.SelectMany(Fragments).Distinct(), fragment => Assert.DoesNotContain(lines, line => line.Contains(fragment, StringComparison.Ordinal)));
    }

    // Returns the pieces to search for: every line of a PEM, and the beginning of a text of one line.
    private static IEnumerable<string> Fragments(string text) =>
        text.Split('\n').Where(line => line.Length >= 24).Select(line => line[..24]);
}
