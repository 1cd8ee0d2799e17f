using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessCA.Emulators;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.RuntimeApi;

namespace ServerlessCA.Lambda.Tests.Support;

/// <summary>Runs a deployment's functions behind a Lambda of others: @vercel/fun speaks the runtime API with them.</summary>
internal sealed class ForeignLambda : IAsyncDisposable
{
    private readonly EmulatedDeployment deployment;
    private readonly NodeProgram program;
    private readonly HttpClient http = new();

    private ForeignLambda(EmulatedDeployment deployment, NodeProgram program) => (this.deployment, this.program) = (deployment, program);

    /// <summary>The address of its Invoke API.</summary>
    public Uri Address => program.Address;

    public static async Task<ForeignLambda> StartAsync(EmulatedDeployment deployment)
    {
        var functions = EmulatedDeployment.Handlers.ToDictionary(
            deployment.FunctionName, handler => new { handler, variables = VariablesOf(deployment.Setup(handler)) });
        return new ForeignLambda(deployment, await NodeProgram.StartAsync("fun.cjs", new Dictionary<string, string>
        {
            ["FUNCTION"] = Path.GetDirectoryName(PublishedBinary.Path)!,
            ["FUNCTIONS"] = JsonSerializer.Serialize(functions),
        }));
    }

    /// <summary>Invokes a function with an event, and fails unless the function answers with a result or an error.</summary>
    public async Task<(JsonNode? Answer, bool IsError)> InvokeAsync(string handler, JsonNode? input = null)
    {
        using var content = new StringContent((input ?? new JsonObject()).ToJsonString(), Encoding.UTF8, "application/json");
        var address = new Uri(Address, $"/2015-03-31/functions/{deployment.FunctionName(handler)}/invocations");
        using HttpResponseMessage answer = await http.PostAsync(address, content, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return (JsonNode.Parse(text), answer.Headers.Contains("x-amz-function-error"));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await program.DisposeAsync();
    }

    // This Lambda itself gives functions credentials.
    private static Dictionary<string, string> VariablesOf(FunctionSetup setup) =>
        setup.Environment.Where(variable => variable.Key != "AWS_ACCESS_KEY_ID").ToDictionary();
}
