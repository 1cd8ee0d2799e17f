using System.Text.Json.Nodes;
using ServerlessCA.Emulators;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Runs tls-cert with the state machine's question for which entries of tls.json no call is needed.</summary>
public sealed class SettledEntriesTests(AwsFixture aws)
{
    private static readonly JsonNode Search = JsonNode.Parse("""{"settled_entries_of": "tls.json"}""")!;

    [Fact]
    public async Task The_function_names_the_entries_that_have_their_certificate_and_only_reads()
    {
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        await deployment.PutInternalAsync("csrs/new.csr", SomeCsr.Pem("new.example.com"));
        await deployment.PutInternalAsync("csrs/one.csr", SomeCsr.Pem("one.example.com"));
        await deployment.PutInternalAsync("csrs/huge.csr", SomeCsr.Pem("one.example.com") + new string('\n', 2 << 20));
        string[] files = ["new.csr", "one.csr", "missing.csr", "huge.csr", "one.csr"];
        await deployment.PutInternalAsync("tls.json", new JsonArray([.. files.Select(Entry)]).ToJsonString());
        Assert.NotNull((await deployment.InvokeAsync("tls-cert", Entry("one.csr"))).Json!["CertificateInfo"]);
        await deployment.ReceiveAsync();
        deployment.Gateway.Clear();

        FunctionAnswer answer = await deployment.InvokeAsync("tls-cert", Search);

        Assert.Equal("""{"Settled":[1,4]}""", answer.Text);
        Assert.Contains((await deployment.FunctionAsync("tls-cert")).Lines, line => line.Contains("2 of 5 entries of tls.json have their certificate", StringComparison.Ordinal));
        Assert.All(
            deployment.Gateway.Calls.Where(call => call.Operation is not "DeleteItem"), // the event of the first call
            call => Assert.Contains(call.Operation, (string[])["GetObject", "GetItem", "Query"]));
        Assert.Empty(await deployment.ReceiveAsync());
    }

    [Fact]
    public async Task A_second_run_calls_the_function_for_no_entry()
    {
        StateMachineDefinition.SkipUnlessRunnable();
        await using EmulatedDeployment deployment = await aws.DeployEmptyAsync();
        using var folder = new TemporaryFolder();
        string list = folder.Write("tls.json", System.Text.Encoding.UTF8.GetBytes(new JsonArray(Entry("a.csr"), Entry("b.csr")).ToJsonString()));
        await deployment.PutInternalAsync("tls.json", await File.ReadAllTextAsync(list, TestContext.Current.CancellationToken));
        await deployment.PutInternalAsync("csrs/a.csr", SomeCsr.Pem("one.example.com"));
        await deployment.PutInternalAsync("csrs/b.csr", SomeCsr.Pem("one.example.com"));

        Assert.True((await RunAsync(deployment, list)).Succeeded);
        int before = Requests(await deployment.FunctionAsync("tls-cert"));
        StateMachineEnd second = await RunAsync(deployment, list);

        Assert.True(second.Succeeded, second.Cause);
        Assert.Equal(2, second.Results.Count);
        LambdaFunction function = await deployment.FunctionAsync("tls-cert");
        Assert.Equal((3, 4), (before, Requests(function)));
        Assert.Contains(function.Lines, line => line.Contains("2 of 2 entries of tls.json have their certificate", StringComparison.Ordinal));
        Assert.Equal(2, (await deployment.RowsAsync("one.example.com")).Count);
    }

    private static JsonObject Entry(string file) => new() { ["common_name"] = "one.example.com", ["csr_file"] = file };

    // Every call of the function writes one of these lines.
    private static int Requests(LambdaFunction function) => function.Lines.Count(line =>
        line.Contains("certificate issued", StringComparison.Ordinal) || line.Contains("already issued", StringComparison.Ordinal)
        || line.Contains("have their certificate", StringComparison.Ordinal));

    private static async Task<StateMachineEnd> RunAsync(EmulatedDeployment deployment, string list)
    {
        StateMachineDefinition machine = await StateMachineDefinition.RenderAsync(
            gitops: true, expiry: false, deployment.Names.Project, deployment.Names.Environment, TestContext.Current.CancellationToken);
        return await machine.RunAsync(list, deployment.Lambda.Address, TestContext.Current.CancellationToken);
    }
}
