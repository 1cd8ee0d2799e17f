using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Emulators;
using ServerlessCA.Emulators.StepFunctions;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Who may be issued what on AWS (SPEC 12.20, 12.23, 12.30): the deployed state machine on our adapters.</summary>
public sealed class AwsRecreatedCaTests
{
    private const string Entries = """
        [{"common_name": "kept", "csr_file": "kept.csr"}, {"common_name": "gone", "csr_file": "gone.csr"}, {"common_name": "revoked", "csr_file": "revoked.csr"}]
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_an_issuing_CA_was_replaced_the_folder_is_issued_anew_once()
    {
        StateMachineDefinition.SkipUnlessRunnable();
        OpenSsl.IsNeeded();
        using var session = new Session();
        await using AwsCa ca = await AwsCa.StartAsync(session);
        await RunTheRealOneAsync(session, ca);
        (await session.RunRawAsync("run", "--ca", ca.Location)).Done();
        SerialNumber revoked = await SerialAsync(ca, "revoked");
        await new RevokeCertificate(ca.Core).RunAsync(new RowId("revoked", revoked), RevocationReason.Superseded, Cancellation);
        await ca.LoseRowsAsync(ca.Names.IssuingCa);
        await ca.LoseRowsAsync("gone");
        ca.Services.Kms.CreateKey($"alias/{ca.Names.IssuingCa}", "ECC_NIST_P256");

        (await session.RunRawAsync("run", "--ca", ca.Location)).Done();
        Result quiet = (await session.RunRawAsync("run", "--ca", ca.Location, "--output", "json")).Done();

        Assert.Equal(2, (await ca.Deployed.RowsAsync("kept")).Count);
        Assert.Single(await ca.Deployed.RowsAsync("gone"));
        Assert.Equal(revoked, await SerialAsync(ca, "revoked"));
        string issuing = (await ca.Deployed.RowsAsync(ca.Names.IssuingCa)).Single()["SerialNumber"].S;
        Assert.NotEmpty(issuing);
        Assert.Equal("SUCCEEDED", quiet.Json.GetProperty("Status").GetString());
    }

    [Fact]
    public async Task Health_knows_the_functions_settings()
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        ca.Settings["ROOT_CA_INFO"] = $$"""{"commonName": "R", "lifetime": null, "pathLengthConstraint": 0, "organization": "{{new string('o', 65)}}"}""";
        ca.Settings["ALLOW_OCSP_SIGNING"] = "true";

        Result result = (await session.RunRawAsync("health", "--ca", ca.Location, "--output", "json")).Done();

        string[] findings = [.. result.Json.GetProperty("Findings").EnumerateArray().Select(finding => finding.GetProperty("Text").GetString()!)];
        Assert.Contains(findings, finding => finding.Contains("pathLengthConstraint is 0", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Contains("organization has 65 characters", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Contains("is allowed by allow_ocsp_signing", StringComparison.Ordinal));
    }

    private static async Task RunTheRealOneAsync(Session session, AwsCa ca)
    {
        GitOpsFolder.OfEntries(session.Folder, Entries, "kept", "gone", "revoked");
        foreach (string file in (string[])["tls.json", "csrs/kept.csr", "csrs/gone.csr", "csrs/revoked.csr"])
        {
            await ca.Deployed.PutInternalAsync(file, await File.ReadAllTextAsync(session.Folder.At("gitops", file), Cancellation));
        }

        StateMachineDefinition definition = await StateMachineDefinition.RenderAsync(
            gitops: true, expiry: true, ca.Names.Project, ca.Names.Environment, Cancellation);
        ca.StateMachines.Run = async () => ExecutionHistory.Of(
            await definition.RunAsync(session.Folder.At("gitops", "tls.json"), new Uri(ca.Functions.Address), Cancellation));
    }

    private static async Task<SerialNumber> SerialAsync(AwsCa ca, string name) =>
        SerialNumber.Parse((await ca.Deployed.RowsAsync(name)).Single()["SerialNumber"].S);
}
