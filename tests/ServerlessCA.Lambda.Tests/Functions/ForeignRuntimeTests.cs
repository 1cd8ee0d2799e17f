using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Emulators;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>The same binary, driven by a Lambda runtime API that nobody here wrote: @vercel/fun.</summary>
public sealed class ForeignRuntimeTests(AwsFixture aws)
{
    [Fact]
    public async Task Another_Lambda_gets_certificates_and_errors_out_of_it()
    {
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        await using NodeProgram tls = await StartAsync(deployment.Setup("tls-cert"));
        await using NodeProgram notify = await StartAsync(deployment.Setup("notify"));
        using var http = new HttpClient();

        (HttpStatusCode status, JsonNode answer) = await PostAsync(http, tls, SomeCsr.Event("fun.example.com").ToJsonString());
        (HttpStatusCode again, JsonNode second) = await PostAsync(http, tls, SomeCsr.Event("fun2.example.com").ToJsonString());
        (HttpStatusCode failed, JsonNode error) = await PostAsync(http, notify, "{}");

        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        Assert.True(again == HttpStatusCode.OK, second.ToJsonString());
        Assert.Equal(HttpStatusCode.InternalServerError, failed);
        Assert.Equal("fun.example.com", answer["CertificateInfo"]!["CommonName"]!.GetValue<string>());
        Assert.Equal("fun2.example.com", second["CertificateInfo"]!["CommonName"]!.GetValue<string>());
        Assert.Equal("UnexpectedEventException", error["errorType"]!.GetValue<string>());
    }

    private static Task<NodeProgram> StartAsync(FunctionSetup setup) => NodeProgram.StartAsync("fun.cjs", new Dictionary<string, string>
    {
        ["FUNCTION"] = Path.GetDirectoryName(setup.Program)!,
        ["HANDLER"] = setup.Handler,
        ["VARIABLES"] = JsonSerializer.Serialize(setup.Environment),
    });

    private static async Task<(HttpStatusCode Status, JsonNode Answer)> PostAsync(HttpClient http, NodeProgram lambda, string text)
    {
        using var content = new StringContent(text, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(lambda.Address, content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }
}
