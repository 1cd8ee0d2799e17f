using System.Globalization;
using Microsoft.Data.Sqlite;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Local.Tests.WholeRuns;

/// <summary>Contract 12.21 on files and SQLite: a run that dies at any write, with the published CRL damaged, or with the ledger
/// restored to an older state, loses no revocation.</summary>
public sealed class KilledRevocationTests
{
    private static readonly string[] Names = ["one.example.test", "two.example.test", "three.example.test"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task No_CRL_lacks_what_an_earlier_one_had_at_whichever_write_a_run_died(bool afterWrite, bool damaged)
    {
        for (int nth = 1; ; nth++)
        {
            using var folder = new TemporaryFolder();
            LocalDeployment.WriteGitOps(folder, Names);
            SerialNumber[] before = await PrepareAsync(folder);
            if (damaged)
            {
                await File.WriteAllTextAsync(CrlFile(folder), "damaged", Cancellation);
            }

            bool killed = await RunUnderAsync(folder, new KillSwitch(nth, afterWrite));
            Assert.True(damaged && Read(folder) is null || before.All(serial => OnCrl(folder).Contains(serial)), $"write {nth}: an entry is gone");
            using LocalDeployment again = await LocalDeployment.OpenAsync(folder, Cancellation);
            PipelineReport report = await new RunPipeline(again.Deployment).RunAsync(Cancellation);

            Assert.False(report.Failed, $"write {nth}: {string.Join("; ", report.Steps.Select(step => step.Message))}");
            Assert.Equal(3, OnCrl(folder).Length);
            Assert.All(before, serial => Assert.Contains(serial, OnCrl(folder)));
            await WholeHistory.IsThereAsync(again.Deployment.Ledger, $"write {nth}", Cancellation);
            if (!killed)
            {
                Assert.True(nth > 6, $"only {nth} writes");
                return;
            }
        }
    }

    // One revoked certificate whose row is deleted, one whose row lost its mark, and a third in the list of the next run.
    private static async Task<SerialNumber[]> PrepareAsync(TemporaryFolder folder)
    {
        CertificateRecord[] rows;
        using (LocalDeployment first = await LocalDeployment.OpenAsync(folder, Cancellation))
        {
            await new RunPipeline(first.Deployment).RunAsync(Cancellation);
            rows = [.. (await first.Deployment.Ledger.ListAsync(Cancellation).ToListAsync(Cancellation)).Where(row => !row.IsCa).OrderBy(row => row.SerialNumber)];
            foreach (CertificateRecord row in rows[..2])
            {
                await new RevokeCertificate(first.Deployment).RunAsync(new RowId(row.CommonName, row.SerialNumber), RevocationReason.Superseded, Cancellation);
            }

            await PublishCrl.OfIssuing(first.Deployment).RunAsync(Cancellation);
        }

        await ChangeAsync(folder, "DELETE FROM Certificates WHERE SerialNumber = $serial", rows[0].SerialNumber);
        await ChangeAsync(folder, "UPDATE Certificates SET Revoked = NULL WHERE SerialNumber = $serial", rows[1].SerialNumber);
        await File.WriteAllTextAsync(
            folder.At("gitops", "revoked.json"), string.Create(CultureInfo.InvariantCulture, $$"""[{"serial_number": "{{rows[2].SerialNumber}}"}]"""), Cancellation);
        await File.WriteAllTextAsync(folder.At("gitops", "tls.json"), "[]", Cancellation);
        return [rows[0].SerialNumber, rows[1].SerialNumber];
    }

    private static async Task ChangeAsync(TemporaryFolder folder, string sql, SerialNumber serial)
    {
        await using var ledger = new SqliteConnection($"Data Source={folder.At("ca", "ca.db")};Pooling=False");
        await ledger.OpenAsync(Cancellation);
        await using SqliteCommand command = ledger.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$serial", serial.ToString());
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancellation));
    }

    private static async Task<bool> RunUnderAsync(TemporaryFolder folder, KillSwitch killer)
    {
        using LocalDeployment first = await LocalDeployment.OpenAsync(folder, Cancellation);
        try
        {
            await PublishCrl.OfIssuing(first.Under(killer)).RunAsync(Cancellation);
            return false;
        }
        catch (ProcessKilledException)
        {
            return true;
        }
    }

    private static string CrlFile(TemporaryFolder folder) => folder.At("ca", "external", "serverless-issuing-ca-dev.crl");

    private static CertificateRevocationList? Read(TemporaryFolder folder) =>
        CertificateRevocationList.TryDecode(File.ReadAllBytes(CrlFile(folder)), out CertificateRevocationList? crl) ? crl : null;

    private static SerialNumber[] OnCrl(TemporaryFolder folder) => [.. Read(folder)!.Entries().Select(entry => entry.SerialNumber)];
}
