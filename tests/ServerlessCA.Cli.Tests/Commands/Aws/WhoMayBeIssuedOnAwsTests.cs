using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Emulators;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Tests who may be issued what on AWS (contract 12.20, 12.23, 12.30), with the deployed state machine on our
/// adapters.</summary>
public sealed class WhoMayBeIssuedOnAwsTests
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
        await ca.WithCasAsync(); // runs the whole pipeline, on the same adapters
        SerialNumber revoked = await SerialAsync(ca, "revoked");
        await new RevokeCertificate(ca.Core).RunAsync(new RowId("revoked", revoked), RevocationReason.Superseded, Cancellation);
        await ca.LoseRowsAsync(ca.Names.IssuingCa);
        await ca.LoseRowsAsync("gone");
        ca.Services.Kms.CreateKey($"alias/{ca.Names.IssuingCa}", "ECC_NIST_P256");

        (await session.RunRawAsync("run", "--ca", ca.Location)).Done();
        PipelineReport quiet = await new RunPipeline(ca.Core).RunAsync(Cancellation);

        Assert.Equal(2, (await ca.Deployed.RowsAsync("kept")).Count);
        Assert.Single(await ca.Deployed.RowsAsync("gone"));
        Assert.Equal(revoked, await SerialAsync(ca, "revoked"));
        Assert.All(quiet.Entries, entry => Assert.Equal(EntryStatus.AlreadyIssued, entry.Status));
        Assert.Contains("is of a CA that is gone, and was revoked", quiet.Entries[2].Message, StringComparison.Ordinal);
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

    [Fact]
    public async Task A_compromised_key_is_refused_even_if_forced_and_its_row_is_gone()
    {
        OpenSsl.IsNeeded();
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        GitOpsFolder.OfEntries(session.Folder, "[]", "leaked");
        string[] request =
        [
            "request", "--csr", session.Folder.At("gitops", "csrs", "leaked.csr"), "--common-name", "leaked", "--force-issue", "--out", session.Certs, "--ca", ca.Location,
        ];
        (await session.RunRawAsync(request)).Done();
        await new RevokeCertificate(ca.Core).RunAsync(new RowId("leaked", await SerialAsync(ca, "leaked")), RevocationReason.KeyCompromise, Cancellation);

        Result withRow = await session.RunRawAsync(request);
        await ca.LoseRowsAsync("leaked");
        Result withoutRow = await session.RunRawAsync(request);

        Assert.Equal((ExitCode.Refused, ExitCode.Refused), (withRow.ExitCode, withoutRow.ExitCode));
        Assert.Contains("the CA refused: Key has been reported as compromised", withRow.Error, StringComparison.Ordinal);
        Assert.Contains("hint: make a new key", withoutRow.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "OCSP_SIGNING", "OCSP_SIGNING is not allowed", "hint: the CA's operator can allow it")]
    [InlineData("Serverless Issuing CA", "CODE_SIGNING", "Subject is reserved", "hint: change one of the subject's attributes")]
    public async Task What_speaks_for_the_CA_is_refused(string name, string usage, string why, string hint)
    {
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();

        Result refused = await session.RunRawAsync("request", "--common-name", name, "--eku", usage, "--out", session.Certs, "--ca", ca.Location);

        Assert.Equal(ExitCode.Refused, refused.ExitCode);
        Assert.Contains($"the CA refused: {why}", refused.Error, StringComparison.Ordinal);
        Assert.Contains(hint, refused.Error, StringComparison.Ordinal);
    }

    private static async Task RunTheRealOneAsync(Session session, AwsCa ca)
    {
        GitOpsFolder.OfEntries(session.Folder, Entries, "kept", "gone", "revoked");
        foreach (string file in (string[])["tls.json", "csrs/kept.csr", "csrs/gone.csr", "csrs/revoked.csr"])
        {
            await ca.Deployed.PutInternalAsync(file, await File.ReadAllTextAsync(session.Folder.At("gitops", file), Cancellation));
        }

        await ca.RunStateMachineAsync(session.Folder.At("gitops", "tls.json"));
    }

    private static async Task<SerialNumber> SerialAsync(AwsCa ca, string name) =>
        SerialNumber.Parse((await ca.Deployed.RowsAsync(name)).Single()["SerialNumber"].S);
}
