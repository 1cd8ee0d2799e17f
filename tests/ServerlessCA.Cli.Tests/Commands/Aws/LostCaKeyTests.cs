using System.Globalization;
using System.Numerics;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;
using ServerlessCA.Core.Pipeline;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Rehearses step 5 of <c>docs/operations/runbooks/ca-key.md</c>: the key of the issuing CA is gone for good.</summary>
public sealed class LostCaKeyTests
{
    [Fact]
    public async Task An_issuing_CA_whose_key_is_gone_is_revoked_and_made_anew_under_the_same_root()
    {
        OpenSsl.IsNeeded();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await ca.IssueAsync("before.example.com");
        string former = (await ca.Deployed.RowsAsync(ca.Names.IssuingCa)).Single()["SerialNumber"].S;

        await ca.Deployed.PutInternalAsync(
            "revoked-root-ca.json",
            $$"""[{"common_name": "{{ca.Names.IssuingCa}}", "serial_number": "{{former}}", "reason": "cessationOfOperation", "unrecorded": true}]""");
        await new RunPipeline(ca.Core).RunAsync(cancellation); // the CA is revoked, so not every step has something to do
        await ca.LoseRowsAsync(ca.Names.IssuingCa);
        ca.Services.Kms.CreateKey($"alias/{ca.Names.IssuingCa}", "ECC_NIST_P256");
        await ca.WithCasAsync(); // a whole run, which did not fail although the list names a row that is gone
        await ca.IssueAsync("after.example.com");
        (await session.RunRawAsync("health", "--ca", ca.Location)).Done();

        Assert.NotEqual(former, (await ca.Deployed.RowsAsync(ca.Names.IssuingCa)).Single()["SerialNumber"].S);
        string file = session.Folder.At("root.crl");
        await File.WriteAllBytesAsync(file, (await ca.Core.PublishedFiles.ReadAsync($"{ca.Names.RootCa}.crl", cancellation))!.Content.ToArray(), cancellation);
        string text = await ForeignProgram.OutputAsync("openssl", "crl", "-inform", "DER", "-in", file, "-noout", "-text");
        Assert.Contains(BigInteger.Parse(former, CultureInfo.InvariantCulture).ToString("X", CultureInfo.InvariantCulture).TrimStart('0'), text, StringComparison.Ordinal);
    }
}
