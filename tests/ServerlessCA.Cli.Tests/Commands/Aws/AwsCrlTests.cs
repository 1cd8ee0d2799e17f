using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Cli.Tests.Support.Cloud;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators;

namespace ServerlessCA.Cli.Tests.Commands.Aws;

/// <summary>Tests contract 12.21 on AWS, with the operator's own credentials: no CA key is needed.</summary>
public sealed class AwsCrlTests
{
    [Fact]
    public async Task A_lost_CRL_is_restored_from_an_old_one_or_accepted()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        string crl = $"{ca.Names.IssuingCa}.crl";
        await PublishCrl.OfIssuing(ca.Core).RunAsync(cancellation);
        StoredFile old = (await ca.Core.PublishedFiles.ReadAsync(crl, cancellation))!;
        File.WriteAllBytes(session.Folder.At("old.crl"), old.Content.ToArray());

        foreach (string[] command in (string[][])[["restore", session.Folder.At("old.crl")], ["accept"]])
        {
            await DamageAsync(ca.Core.PublishedFiles, crl);
            await DamageAsync(ca.Core.PublishedFiles, $"{crl}.pem");
            await DamageAsync(ca.Core.CrlCopies, $"crl/{crl}");
            Assert.True((await PublishCrl.OfIssuing(ca.Core).RunAsync(cancellation)).Failed);

            Result mended = (await session.RunRawAsync(["crl", .. command, "--ca", ca.Location])).Done();

            Assert.Contains($"the next run publishes it: serverless-ca run --ca {ca.Location}", mended.Error, StringComparison.Ordinal);
            Assert.False((await PublishCrl.OfIssuing(ca.Core).RunAsync(cancellation)).Failed);
        }
    }

    [Fact]
    public async Task A_revocation_that_did_not_happen_fails_the_execution_and_is_reported_once()
    {
        StateMachineDefinition.SkipUnlessRunnable();
        using var session = new Session();
        await using AwsCa ca = await (await AwsCa.StartAsync(session)).WithCasAsync();
        await ca.RunStateMachineAsync(session.Folder.Write("tls.json", "[]"));
        await ca.Deployed.PutInternalAsync("revoked.json", """[{"common_name": "payments", "serial_number": "4660"}]""");

        Result first = await session.RunRawAsync("run", "--ca", ca.Location);
        Result second = await session.RunRawAsync("run", "--ca", ca.Location);

        foreach (Result result in (Result[])[first, second])
        {
            Assert.Equal(ExitCode.Fault, result.ExitCode);
            Assert.Contains("issuing-ca-crl     failed", result.Output, StringComparison.Ordinal);
            Assert.Contains("there is no certificate with serial number 4660", result.Output, StringComparison.Ordinal);
            Assert.Contains("error: the pipeline failed: issuing-ca-crl\n", result.Error, StringComparison.Ordinal);
        }

        // Each execution tries once: no Retry of the state machine names this error.
        Assert.Equal(2, ca.Functions.Called.Count(name => name.Contains("issuing-ca-crl", StringComparison.Ordinal)));
        Assert.Single(await ca.Deployed.ReceiveAsync(), message => message["Subject"]!.GetValue<string>() == NotificationSubjects.RevocationFailed);
    }

    private static Task<bool> DamageAsync(IPublishedFiles files, string key) => files.PublishAsync(
        new PublishedFile(key, "text/plain", "damaged"u8.ToArray()), IPublishedFiles.AnyVersion, TestContext.Current.CancellationToken);
}
