using System.Text.Json.Nodes;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Invokes tls-cert with clients of others: the AWS command line and boto3.</summary>
public sealed class ClientTests(AwsFixture aws)
{
    [Fact]
    public async Task The_AWS_command_line_gets_a_certificate()
    {
        ForeignProgram.SkipUnlessInstalled("aws", "awscli");
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        using var folder = new TemporaryFolder();
        string answerFile = Path.Combine(folder.Path, "answer.json");

        string output = await ForeignProgram.OutputAsync("aws",
            [
                "lambda", "invoke", "--endpoint-url", deployment.Lambda.Address.ToString(), "--function-name", deployment.FunctionName("tls-cert"),
                "--cli-binary-format", "raw-in-base64-out", "--payload", SomeCsr.Event("cli.example.com").ToJsonString(), answerFile,
            ],
            variables: Credentials);

        JsonNode answer = JsonNode.Parse(await File.ReadAllTextAsync(answerFile, TestContext.Current.CancellationToken))!;
        Assert.Equal(200, JsonNode.Parse(output)!["StatusCode"]!.GetValue<int>());
        Assert.Equal("cli.example.com", answer["CertificateInfo"]!["CommonName"]!.GetValue<string>());
    }

    [Fact]
    public async Task Boto3_gets_a_certificate_and_sees_function_errors()
    {
        ForeignProgram.SkipUnlessInstalled("python3", "python3");
        (int missing, _) = ForeignProgram.Run("python3", "-c", "import boto3");
        Assert.SkipUnless(missing == 0, "boto3 is not installed: apt-get install python3-boto3");
        await using EmulatedDeployment deployment = await aws.DeployAsync();
        const string Script = """
            import boto3, json, sys
            client = boto3.client("lambda", endpoint_url=sys.argv[1], region_name="eu-west-2")
            answer = client.invoke(FunctionName=sys.argv[2], InvocationType="RequestResponse", Payload=sys.argv[3])
            failed = client.invoke(FunctionName=sys.argv[4], Payload=b"{}")
            queued = client.invoke(FunctionName=sys.argv[2], InvocationType="Event", Payload=b"{}")
            print(json.dumps([json.load(answer["Payload"]), answer.get("FunctionError"), failed["FunctionError"], json.load(failed["Payload"]), queued["StatusCode"]]))
            """;

        string output = await ForeignProgram.OutputAsync("python3",
            [
                "-c", Script, deployment.Lambda.Address.ToString(), deployment.FunctionName("tls-cert"),
                SomeCsr.Event("boto3.example.com").ToJsonString(), deployment.FunctionName("notify"),
            ],
            variables: Credentials);

        JsonArray seen = JsonNode.Parse(output)!.AsArray();
        Assert.Equal("boto3.example.com", seen[0]!["CertificateInfo"]!["CommonName"]!.GetValue<string>());
        Assert.Null(seen[1]);
        Assert.Equal("Unhandled", seen[2]!.GetValue<string>());
        Assert.Equal("UnexpectedEventException", seen[3]!["errorType"]!.GetValue<string>());
        Assert.Equal(202, seen[4]!.GetValue<int>());
    }

    // As people's scripts for the original do: they expect one table for each project with these letters in its name.
    [Fact]
    public async Task A_boto3_script_that_looks_for_CA_finds_the_table_of_certificates_alone()
    {
        ForeignProgram.SkipUnlessInstalled("python3", "python3");
        (int missing, _) = ForeignProgram.Run("python3", "-c", "import boto3");
        Assert.SkipUnless(missing == 0, "boto3 is not installed: apt-get install python3-boto3");
        await using EmulatedDeployment deployment = await aws.DeployServicesAsync("looked-for");
        const string Script = """
            import boto3, sys
            pages = boto3.client("dynamodb", endpoint_url=sys.argv[1], region_name="eu-west-2").get_paginator("list_tables").paginate()
            ours = [name for page in pages for name in page["TableNames"] if name.startswith("LookedFor")]
            print(len(ours), *[name for name in ours if "CA" in name])
            """;

        string output = await ForeignProgram.OutputAsync("python3", ["-c", Script, deployment.Gateway.Address.ToString()], variables: Credentials);

        Assert.Equal($"2 {deployment.Tables.Certificates}", output.Trim());
    }

    private static Dictionary<string, string> Credentials => new()
    {
        ["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE",
        ["AWS_SECRET_ACCESS_KEY"] = "secret",
        ["AWS_DEFAULT_REGION"] = "eu-west-2",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
    };
}
