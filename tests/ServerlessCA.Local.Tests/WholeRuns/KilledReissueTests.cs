using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Records;
using ServerlessCA.Local.Tests.Sqlite;
using Xunit;

namespace ServerlessCA.Local.Tests.WholeRuns;

/// <summary>Contract 12.23 on files: after an issuing CA was replaced, or rows were deleted, each entry gets one new
/// certificate, wherever a run is killed and however many run at once.</summary>
public sealed class KilledReissueTests
{
    private const string IssuingCa = "serverless-issuing-ca-dev";

    private static readonly string[] Names = ["one.example.test", "two.example.test"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_run_that_issues_anew_and_is_killed_at_any_write_is_completed_by_the_next(bool rowsAreGone, bool afterWrite)
    {
        using var lost = new TemporaryFolder();
        int before = await LoseAsync(lost, rowsAreGone);
        for (int nth = 1; ; nth++)
        {
            using var folder = new TemporaryFolder();
            Copy(lost.Path, folder.Path);
            bool killed = await RunUnderAsync(folder, new KillSwitch(nth, afterWrite));

            using LocalDeployment again = await LocalDeployment.OpenAsync(folder, Cancellation);
            PipelineReport completed = await new RunPipeline(again.Deployment).RunAsync(Cancellation);
            PipelineReport quiet = await new RunPipeline(again.Deployment).RunAsync(Cancellation);

            Assert.False(completed.Failed, $"write {nth}: {string.Join("; ", completed.Steps.Select(step => step.Message))}");
            Assert.All(quiet.Entries, entry => Assert.Equal(EntryStatus.AlreadyIssued, entry.Status));
            Assert.Equal(before + Names.Length, (await RowsAsync(again)).Count(row => !row.IsCa));
            await WholeHistory.IsThereAsync(again.Deployment.Ledger, $"write {nth}", Cancellation);
            if (!killed)
            {
                Assert.True(nth > 6, $"only {nth} writes");
                return;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Runs_at_once_give_each_entry_one_new_certificate(bool rowsAreGone)
    {
        using var folder = new TemporaryFolder();
        int before = await LoseAsync(folder, rowsAreGone);
        using (LocalDeployment first = await LocalDeployment.OpenAsync(folder, Cancellation))
        {
            await new Core.Issuance.CreateIssuingCa(first.Deployment).RunAsync(Cancellation); // keys and CA exist, so the runs compete for the entries
        }

        PipelineReport[] reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            using LocalDeployment one = await LocalDeployment.OpenAsync(folder, Cancellation);
            return await new RunPipeline(one.Deployment).RunAsync(Cancellation);
        })));

        Assert.Equal(Names.Length, reports.Sum(report => report.Count(EntryStatus.Issued)));
        Assert.Equal(3 * Names.Length, reports.Sum(report => report.Count(EntryStatus.AlreadyIssued)));
        using LocalDeployment after = await LocalDeployment.OpenAsync(folder, Cancellation);
        Assert.Equal(before + Names.Length, (await RowsAsync(after)).Count(row => !row.IsCa));
        await WholeHistory.IsThereAsync(after.Deployment.Ledger, "runs at once", Cancellation);
    }

    // Does a run, and then what people do to a CA: as the original's FAQ has it, or worse. Returns how many rows are
    // left.
    private static async Task<int> LoseAsync(TemporaryFolder folder, bool rowsAreGone)
    {
        LocalDeployment.WriteGitOps(folder, Names);
        using (LocalDeployment first = await LocalDeployment.OpenAsync(folder, Cancellation))
        {
            Assert.False((await new RunPipeline(first.Deployment).RunAsync(Cancellation)).Failed);
        }

        if (rowsAreGone)
        {
            Database.Execute(folder.At("ca", "ca.db"), "delete from Certificates where CommonName like '%.example.test'");
            return 0;
        }

        Database.Execute(folder.At("ca", "ca.db"), $"delete from Certificates where CommonName = '{IssuingCa}'");
        File.Delete(Directory.EnumerateFiles(folder.At("ca", "keys"), $"{IssuingCa}*").Single());
        return Names.Length;
    }

    private static void Copy(string from, string to)
    {
        foreach (string folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            string copy = Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder))).FullName;
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(copy, File.GetUnixFileMode(folder)); // the keys' folder is for its owner alone
            }
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
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

    private static async Task<List<CertificateRecord>> RowsAsync(LocalDeployment deployment) =>
        await deployment.Deployment.Ledger.ListAsync(Cancellation).ToListAsync(Cancellation);
}
