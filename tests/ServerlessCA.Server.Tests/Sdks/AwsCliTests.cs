using System.Text.Json;

namespace ServerlessCA.Server.Tests.Sdks;

/// <summary>Uses awscli as a client of the Lambda API.</summary>
public sealed class AwsCliTests
{
    [Fact]
    public async Task Functions_are_listed_page_by_page_and_found_by_name()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        string[] names = JsonSerializer.Deserialize<string[]>(
            await LambdaAsync(server, "list-functions", "--page-size", "2", "--query", "Functions[].FunctionName", "--output", "json"))!;
        string handler = await LambdaAsync(
            server, "get-function", "--function-name", Calls.TlsCert, "--query", "Configuration.Handler", "--output", "text");

        Assert.Equal(6, names.Length);
        Assert.Contains(Calls.TlsCert, names);
        Assert.Equal("tls-cert", handler.Trim());
    }

    [Fact]
    public async Task A_certificate_is_issued_that_openssl_accepts()
    {
        OpenSsl.IsNeeded();
        await using RunningServer server = await RunningServer.StartAsync();
        server.Folder.Write("event.json", Calls.Request("awscli.example.com"));

        string output = await LambdaAsync(
            server, "invoke", "--function-name", $"arn:aws:lambda:eu-west-2:123456789012:function:{Calls.TlsCert}:$LATEST",
            "--payload", "fileb://event.json", "--output", "json", "answer.json");

        Assert.Equal(200, JsonDocument.Parse(output).RootElement.GetProperty("StatusCode").GetInt32());
        JsonElement answer = JsonDocument.Parse(server.Folder.Read("answer.json")).RootElement;
        OpenSsl.Verify(
            server.Folder.Write("certificate.pem", answer.Text("Base64Certificate")), server.Folder.Write("chain.pem", answer.Text("Base64CaChain")));
    }

    [Fact]
    public async Task A_function_that_is_not_there_is_reported_by_its_exception()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        (int exitCode, _, string error) = await RunAsync(server, "anyone", "anything", "get-function", "--function-name", "nobody");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("(ResourceNotFoundException) when calling the GetFunction operation", error, StringComparison.Ordinal);
        Assert.Contains("Function not found: arn:aws:lambda:", error, StringComparison.Ordinal);
    }

    private static async Task<string> LambdaAsync(RunningServer server, params string[] arguments)
    {
        (int exitCode, string output, string error) = await RunAsync(server, "anyone", "anything", arguments);
        Assert.True(exitCode == 0, error);
        return output;
    }

    // Debian's version knows no AWS_ENDPOINT_URL_LAMBDA yet.
    private static Task<Run> RunAsync(RunningServer server, string keyId, string secret, params string[] arguments) => ForeignProgram.RunAsync(
        SdkEnvironment.AwsCli, ["lambda", .. arguments, "--endpoint-url", server.Server.Url],
        server.Folder.Path, variables: SdkEnvironment.Variables(server, keyId, secret));
}
