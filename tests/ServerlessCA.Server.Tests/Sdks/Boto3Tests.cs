using System.Text.Json;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Server.Tests.Sdks;

/// <summary>Uses boto3 as a client of the Lambda API, with and without a token.</summary>
public sealed class Boto3Tests
{
    // Finds the function by a part of its name, as scripts around the original do, and reports what it saw.
    private const string Script = """
        import json, os, sys
        import boto3
        client = boto3.client("lambda", endpoint_url=os.environ["AWS_ENDPOINT_URL_LAMBDA"])
        try:
            pages = client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 4})
            names = [f["FunctionName"] for page in pages for f in page["Functions"]]
            name = next(n for n in names if "tls-cert" in n)
            answer = client.invoke(FunctionName=name, InvocationType="RequestResponse", LogType="Tail",
                                   Qualifier="$LATEST", Payload=open("event.json", "rb").read())
            print(json.dumps({"names": names, "status": answer["StatusCode"], "version": answer["ExecutedVersion"],
                              "failed": "FunctionError" in answer, "payload": json.loads(answer["Payload"].read())}))
        except client.exceptions.ClientError as error:
            print(json.dumps({"code": error.response["Error"]["Code"], "status": error.response["ResponseMetadata"]["HTTPStatusCode"]}))
        """;

    [Fact]
    public async Task Without_a_token_any_credentials_do_on_loopback()
    {
        OpenSsl.IsNeeded();
        await using RunningServer server = await RunningServer.StartAsync();

        JsonElement seen = await RunAsync(server, "anyone", "anything");

        Assert.Equal(6, seen.GetProperty("names").GetArrayLength());
        Assert.Equal((200, "$LATEST", false), (seen.GetProperty("status").GetInt32(), seen.GetProperty("version").GetString(), seen.GetProperty("failed").GetBoolean()));
        JsonElement answer = seen.GetProperty("payload");
        OpenSsl.Verify(
            server.Folder.Write("certificate.pem", answer.Text("Base64Certificate")), server.Folder.Write("chain.pem", answer.Text("Base64CaChain")));
    }

    [Fact]
    public async Task The_token_is_the_secret_key_over_TLS()
    {
        await using RunningServer server = await WithTokenAsync();
        string root = await SomeAccess.RootFileAsync(server);

        JsonElement seen = await RunAsync(server, "serverless-ca", SomeAccess.TokenText, root);

        Assert.Equal("boto3.example.com", seen.GetProperty("payload").GetProperty("CertificateInfo").GetProperty("CommonName").GetString());
        Assert.Equal("signature serverless-ca", server.Log.Lines("request")[^1].GetProperty("caller").GetString());
    }

    [Theory]
    [InlineData("serverless-ca", "another secret key, of the right length", "InvalidSignatureException")]
    [InlineData("AKIDEXAMPLE", SomeAccess.TokenText, "UnrecognizedClientException")]
    public async Task Other_credentials_are_refused(string keyId, string secret, string fault)
    {
        await using RunningServer server = await WithTokenAsync();

        JsonElement seen = await RunAsync(server, keyId, secret, await SomeAccess.RootFileAsync(server));

        Assert.Equal((fault, 403), (seen.GetProperty("code").GetString(), seen.GetProperty("status").GetInt32()));
    }

    private static Task<RunningServer> WithTokenAsync() => RunningServer.StartAsync(new ServerOptions
    {
        Access = AccessPolicy.Open.WithToken(SomeAccess.Token),
        Tls = new TlsSource.OwnCertificate(["127.0.0.1"]),
    });

    private static async Task<JsonElement> RunAsync(RunningServer server, string keyId, string secret, string? authorities = null)
    {
        Assert.SkipUnless(File.Exists(SdkEnvironment.Python), "Debian's Python is missing");
        server.Folder.Write("event.json", Calls.Request("boto3.example.com"));
        server.Folder.Write("client.py", Script);
        (int exitCode, string output, string error) = await ForeignProgram.RunAsync(
            SdkEnvironment.Python, ["client.py"], server.Folder.Path, variables: SdkEnvironment.Variables(server, keyId, secret, authorities));
        Assert.SkipWhen(error.Contains("No module named 'boto3'", StringComparison.Ordinal), "python3-boto3 is missing");
        Assert.True(exitCode == 0, error);
        return JsonDocument.Parse(output).RootElement;
    }
}
