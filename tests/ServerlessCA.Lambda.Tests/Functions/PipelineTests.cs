using System.Text;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using ServerlessCA.Emulators;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Functions;

/// <summary>Runs the daily run: an interpreter runs the module's state machine, which invokes the published program on a whole
/// GitOps folder, through a Lambda of others; openssl checks the results. <c>SERVERLESS_CA_GITOPS_EXAMPLE</c> names a second
/// folder.</summary>
public sealed class PipelineTests(AwsFixture aws)
{
    private static readonly string Example = Repository.At("examples", "gitops", "dev");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The folders with tls.json, revoked.json, revoked-root-ca.json and csrs.</summary>
    public static TheoryData<string> Folders =>
        Environment.GetEnvironmentVariable("SERVERLESS_CA_GITOPS_EXAMPLE") is { Length: > 0 } other ? [Example, other] : [Example];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task A_run_issues_the_whole_folder_and_the_next_one_nothing(string folder)
    {
        ForeignProgram.SkipUnlessInstalled("openssl", "openssl");
        StateMachineDefinition.SkipUnlessRunnable();
        await using EmulatedDeployment deployment = await aws.DeployEmptyAsync();
        await using ForeignLambda lambda = await ForeignLambda.StartAsync(deployment);
        await UploadAsync(deployment, folder);

        StateMachineEnd first = await RunAsync(deployment, folder, lambda.Address);
        JsonNode[] notifications = [.. await deployment.ReceiveAsync()];
        StateMachineEnd second = await RunAsync(deployment, folder, lambda.Address);

        Assert.True(first.Succeeded, $"{first.Error}: {first.Cause}");
        Assert.True(second.Succeeded, $"{second.Error}: {second.Cause}");
        JsonNode[] entries = [.. JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "tls.json"), Cancellation))!.AsArray().Select(entry => entry!)];
        await VerifyAsync(deployment, await CertificatesAsync(deployment, entries));
        Assert.Equal(entries.Count(entry => entry["notify_issued"]?.GetValue<bool>() ?? true), Messages("Certificate Issued", notifications).Length);
        Assert.Empty(Messages("Certificate Request Rejected", notifications));
        Assert.Empty(Messages("Certificate Issued", [.. await deployment.ReceiveAsync()]).Except(Messages("Certificate Issued", notifications)));
    }

    [Fact]
    public async Task A_broken_list_of_revocations_and_entries_without_a_CSR_stop_nothing_else()
    {
        StateMachineDefinition.SkipUnlessRunnable();
        await using EmulatedDeployment deployment = await aws.DeployEmptyAsync();
        await UploadAsync(deployment, Example);
        await deployment.PutInternalAsync("revoked-root-ca.json", "no list");
        await deployment.PutInternalAsync("csrs/notes.csr", "these are notes, no CSR");
        using var folder = new TemporaryFolder();
        string list = folder.Write("tls.json", """
            [{"common_name": "missing.example.com", "csr_file": "missing.csr"}, {"common_name": "notes", "csr_file": "notes.csr"},
             {"common_name": "www.example.com", "csr_file": "www-example-com.csr", "lifetime": 90}]
            """u8.ToArray());
        await deployment.PutInternalAsync("tls.json", await File.ReadAllTextAsync(list, Cancellation));

        StateMachineEnd end = await RunAsync(deployment, Path.GetDirectoryName(list)!, deployment.Lambda.Address);

        Assert.False(end.Succeeded);
        Assert.Contains("root-ca-crl StepFailedException", end.Cause, StringComparison.Ordinal);
        Assert.Equal(["Certificate Issued", "Certificate Request Rejected"],
            (await deployment.ReceiveAsync()).Select(message => message["Subject"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Single(await deployment.RowsAsync("www.example.com"));
        Assert.NotEmpty((await deployment.GetPublishedAsync($"{deployment.Names.RootCa}.crl")).Content);
        Assert.NotEmpty((await deployment.GetPublishedAsync($"{deployment.Names.IssuingCa}.crl")).Content);
    }

    private static async Task<StateMachineEnd> RunAsync(EmulatedDeployment deployment, string folder, Uri lambda)
    {
        StateMachineDefinition machine = await StateMachineDefinition.RenderAsync(
            gitops: true, expiry: true, deployment.Names.Project, deployment.Names.Environment, Cancellation);
        return await machine.RunAsync(Path.Combine(folder, "tls.json"), lambda, Cancellation);
    }

    // Puts the files into the bucket as Terraform's aws_s3_object resources do.
    private static async Task UploadAsync(EmulatedDeployment deployment, string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.json").Concat(Directory.EnumerateFiles(Path.Combine(folder, "csrs"))))
        {
            string key = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            await deployment.PutInternalAsync(key, await File.ReadAllTextAsync(file, Cancellation));
        }
    }

    // An event may come twice (decision 0001): this Lambda stops a process at its answer, before it has removed a delivered
    // event, which a later function then delivers again.
    private static string[] Messages(string subject, JsonNode[] notifications) => [.. notifications
        .Where(message => message["Subject"]!.GetValue<string>() == subject).Select(message => message["Message"]!.GetValue<string>()).Distinct()];

    // Asserts that there is one row for each entry, after both runs.
    private static async Task<byte[][]> CertificatesAsync(EmulatedDeployment deployment, IReadOnlyList<JsonNode> entries)
    {
        var certificates = new List<byte[]>();
        foreach (IGrouping<string, JsonNode> name in entries.GroupBy(entry => entry["common_name"]!.GetValue<string>()))
        {
            List<Dictionary<string, AttributeValue>> rows = await deployment.RowsAsync(name.Key);
            Assert.Equal(name.Count(), rows.Count);
            certificates.AddRange(rows.Select(row => Convert.FromBase64String(Encoding.ASCII.GetString(row["Certificate"].B.ToArray()))));
        }

        return [.. certificates];
    }

    private static async Task VerifyAsync(EmulatedDeployment deployment, byte[][] certificates)
    {
        using var folder = new TemporaryFolder();
        string root = folder.Write("root.pem", (await deployment.GetPublishedAsync($"{deployment.Names.RootCa}.crt")).Content);
        string issuing = folder.Write("issuing.pem", (await deployment.GetPublishedAsync($"{deployment.Names.IssuingCa}.crt")).Content);
        byte[] lists =
        [
            .. (await deployment.GetPublishedAsync($"{deployment.Names.IssuingCa}.crl.pem")).Content,
            .. (await deployment.GetPublishedAsync($"{deployment.Names.RootCa}.crl.pem")).Content,
        ];
        string crls = folder.Write("crls.pem", lists);
        string[] leaves = [.. certificates.Select((pem, index) => folder.Write($"{index}.pem", pem))];
        await ForeignProgram.OutputAsync("openssl", ["verify", "-x509_strict", "-CAfile", root, "-untrusted", issuing, "-crl_check_all", "-CRLfile", crls, .. leaves]);
    }
}
