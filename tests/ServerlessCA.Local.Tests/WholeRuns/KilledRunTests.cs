using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using Xunit;

namespace ServerlessCA.Local.Tests.WholeRuns;

/// <summary>Kills a process at any write of a run or of a request, before or after it: the ledger opens, no certificate
/// was returned without its row, and the next run completes the work.</summary>
public sealed class KilledRunTests
{
    private static readonly string[] Names = ["one.example.test", "two.example.test"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_killed_at_any_write_is_completed_by_the_next(bool afterWrite)
    {
        for (int nth = 1; ; nth++)
        {
            using var folder = new TemporaryFolder();
            LocalDeployment.WriteGitOps(folder, Names);
            bool killed = await RunUnderAsync(folder, new KillSwitch(nth, afterWrite));

            using LocalDeployment again = await LocalDeployment.OpenAsync(folder, Cancellation);
            PipelineReport report = await new RunPipeline(again.Deployment).RunAsync(Cancellation);

            Assert.False(report.Failed, $"write {nth}");
            Assert.Equal(Names, (await RowsAsync(again)).Where(row => !row.IsCa).Select(row => row.CommonName).Order());
            await EverythingSentIsStoredAsync(folder, again);
            await EverythingStoredIsSentAsync(folder, again);
            await WholeHistory.IsThereAsync(again.Deployment.Ledger, $"write {nth}", Cancellation);
            if (!killed)
            {
                Assert.True(nth > 12, $"only {nth} writes");
                return;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_killed_at_any_write_gets_one_certificate_when_it_is_repeated(bool afterWrite)
    {
        for (int nth = 1; ; nth++)
        {
            using var folder = new TemporaryFolder();
            LocalDeployment.WriteGitOps(folder, Names);
            byte[] request = Request(folder);
            using (LocalDeployment first = await LocalDeployment.OpenAsync(folder, Cancellation))
            {
                await new CreateRootCa(first.Deployment).RunAsync(Cancellation);
                await new CreateIssuingCa(first.Deployment).RunAsync(Cancellation);
            }

            var killer = new KillSwitch(nth, afterWrite);
            string? handedOut = await IssueUnderAsync(folder, killer, request);
            using LocalDeployment again = await LocalDeployment.OpenAsync(folder, Cancellation);
            IssueOutcome repeated = await new IssueCertificate(again.Deployment).RunAsync(request, Cancellation);

            CertificateRecord row = Assert.Single(await RowsAsync(again), row => !row.IsCa);
            Assert.Contains(row.SerialNumber.ToString(), repeated.Json, StringComparison.Ordinal);
            await WholeHistory.IsThereAsync(again.Deployment.Ledger, $"write {nth}", Cancellation);
            Assert.True(handedOut is null || handedOut == repeated.Json, $"write {nth}: another certificate was handed out");
            if (killer.Writes < nth)
            {
                Assert.True(nth > 2, $"only {nth} writes");
                return;
            }
        }
    }

    private static async Task<bool> RunUnderAsync(TemporaryFolder folder, KillSwitch killer)
    {
        using LocalDeployment first = await LocalDeployment.OpenAsync(folder, Cancellation);
        try
        {
            await new RunPipeline(first.Under(killer)).RunAsync(Cancellation);
            return false;
        }
        catch (ProcessKilledException)
        {
            return true;
        }
    }

    private static async Task<string?> IssueUnderAsync(TemporaryFolder folder, KillSwitch killer, byte[] request)
    {
        using LocalDeployment first = await LocalDeployment.OpenAsync(folder, Cancellation);
        try
        {
            return (await new IssueCertificate(first.Under(killer)).RunAsync(request, Cancellation)).Json;
        }
        catch (ProcessKilledException)
        {
            return null;
        }
    }

    private static byte[] Request(TemporaryFolder folder)
    {
        byte[] csr = File.ReadAllBytes(folder.At("gitops", "csrs", "one.example.test.csr"));
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["common_name"] = "one.example.test",
            ["base64_csr_data"] = Convert.ToBase64String(csr),
            ["idempotency_token"] = "token",
            ["notify_issued"] = true,
        }.ToJsonString());
    }

    private static async Task<List<CertificateRecord>> RowsAsync(LocalDeployment deployment) =>
        await deployment.Deployment.Ledger.ListAsync(Cancellation).ToListAsync(Cancellation);

    private static async Task EverythingSentIsStoredAsync(TemporaryFolder folder, LocalDeployment deployment)
    {
        List<CertificateRecord> rows = await RowsAsync(deployment);
        foreach (JsonNode sent in Outbox(folder).Where(sent => sent["Subject"]!.GetValue<string>() == "Certificate Issued"))
        {
            string pem = Encoding.ASCII.GetString(Convert.FromBase64String(sent["Message"]!["Base64Certificate"]!.GetValue<string>()));
            Assert.Contains(rows, row => row.CertificatePem == pem);
        }

        foreach (CertificateRecord row in rows.Where(row => row.IsCa))
        {
            StoredFile published = (await deployment.Deployment.PublishedFiles.ReadAsync($"{row.CommonName}.crt", Cancellation))!;
            Assert.Equal(row.CertificatePem, Encoding.ASCII.GetString(published.Content.Span));
            Assert.True(Certificate.TryDecodePem(row.CertificatePem, out _));
        }
    }

    private static async Task EverythingStoredIsSentAsync(TemporaryFolder folder, LocalDeployment deployment)
    {
        string[] sent = [.. Outbox(folder).Select(sent => sent["Id"]!.GetValue<string>())];
        foreach (CertificateRecord row in (await RowsAsync(deployment)).Where(row => !row.IsCa))
        {
            Assert.Contains($"issued-{row.SerialNumber}", sent);
        }
    }

    private static IEnumerable<JsonNode> Outbox(TemporaryFolder folder) => Directory
        .EnumerateFiles(folder.At("ca", "outbox"), "*.json").Select(file => JsonNode.Parse(File.ReadAllText(file))!);
}
