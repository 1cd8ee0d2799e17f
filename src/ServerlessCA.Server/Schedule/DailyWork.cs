using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Server.Logging;

namespace ServerlessCA.Server.Schedule;

/// <summary>Runs the pipeline and publishes CRLs when it is time. It goes by the wall clock, looked at often: a machine
/// that slept catches up when it wakes.</summary>
internal sealed class DailyWork(Deployment ca, Schedule schedule, ILogger log)
{
    private readonly RunPipeline pipeline = new(ca);
    private DateTimeOffset nextRun;
    private DateTimeOffset nextCrls;

    /// <summary>Runs the pipeline now.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        PipelineReport report = await pipeline.RunAsync(cancellation);
        Tell(report);
        DateTimeOffset now = ca.Clock.GetUtcNow();
        TimeSpan pause = report.Failed && schedule.RunEvery > Schedule.Retry ? Schedule.Retry : schedule.RunEvery;
        nextRun = now + pause;
        nextCrls = now + schedule.PublishEvery;
    }

    /// <summary>Does what is due.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        if (now >= nextRun)
        {
            await RunAsync(cancellation);
        }
        else if (now >= nextCrls)
        {
            bool published = await PublishAsync(PublishCrl.OfRoot(ca), cancellation) & await PublishAsync(PublishCrl.OfIssuing(ca), cancellation);
            nextCrls = now + (published || schedule.PublishEvery < Schedule.Retry ? schedule.PublishEvery : Schedule.Retry);
        }
    }

    private async Task<bool> PublishAsync(PublishCrl publish, CancellationToken cancellation)
    {
        try
        {
            CrlOutcome outcome = await publish.RunAsync(cancellation);
            Tell(publish.FileKey, outcome);
            return outcome.Status == CrlStatus.Published; // what else failed no other CRL would mend
        }
        catch (Exception fault) when (Faults.IsFault(fault))
        {
            log.CrlFailed(publish.FileKey, fault.Message);
            return false;
        }
    }

    private void Tell(string file, CrlOutcome outcome)
    {
        if (outcome.Failed)
        {
            log.CrlFailed(file, outcome.Message);
        }
        else if (outcome.Number is { } number)
        {
            log.CrlPublished(file, number, outcome.EntryCount);
        }

        foreach (string problem in outcome.Problems)
        {
            log.Skipped(file, problem);
        }
    }

    private void Tell(PipelineReport report)
    {
        foreach (StepResult step in report.Steps)
        {
            if (step.Status == StepStatus.Failed)
            {
                log.StepFailed(step.Step.ToString(), step.Message);
            }

            foreach (string problem in step.Problems)
            {
                log.Skipped(step.Step.ToString(), problem);
            }
        }

        foreach (EntryResult entry in report.Entries.Where(entry => entry.Status is EntryStatus.Failed or EntryStatus.Refused))
        {
            log.Skipped($"entry {entry.Position}: {entry.CommonName}", entry.Message ?? "");
        }

        log.PipelineRan(report.Entries.Count, report.Count(EntryStatus.Issued), report.Count(EntryStatus.Refused), report.Failed);
    }
}
