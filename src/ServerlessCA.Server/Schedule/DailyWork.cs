using Microsoft.Extensions.Logging;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Requests;
using ServerlessCA.Core.Retries;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Settings;
using ServerlessCA.Server.Logging;
using ServerlessCA.Server.Metrics;

namespace ServerlessCA.Server.Schedule;

/// <summary>Runs the pipeline and publishes CRLs when they are due. It compares the wall clock often: a machine that
/// slept catches up when it wakes. A failed step is retried alone, later each time, until the next run; and at once
/// when its input file has changed. A CRL that was published is not published again for it.</summary>
internal sealed class DailyWork(Deployment ca, Schedule schedule, ServerMetrics metrics, ILogger log)
{
    private readonly Dictionary<CaFunction, FailedStep> failed = [];
    private readonly Backoff backoff = Schedule.RetriesUpTo(schedule.RunEvery);
    private int failures;
    private DateTimeOffset nextRun;
    private DateTimeOffset nextCrls;
    private DateTimeOffset nextRetry;

    /// <summary>Runs the pipeline now.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        nextRun = BoundedTime.After(now, schedule.RunEvery);
        nextCrls = BoundedTime.After(now, schedule.PublishEvery);
        await RunAsync(RunPipeline.Steps, cancellation);
    }

    /// <summary>Runs everything that is due.</summary>
    public async Task RunDueAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = ca.Clock.GetUtcNow();
        if (now >= nextRun)
        {
            await RunAsync(cancellation);
            return;
        }

        if (now >= nextCrls)
        {
            nextCrls = BoundedTime.After(now, schedule.PublishEvery);
            await PublishAsync(CaFunction.RootCaCrl, PublishCrl.OfRoot(ca), cancellation);
            await PublishAsync(CaFunction.IssuingCaCrl, PublishCrl.OfIssuing(ca), cancellation);
            if (failed.Count > 0 && nextRetry == DateTimeOffset.MaxValue)
            {
                Wait(); // nothing had failed before: nothing else would retry before this CRL ends
            }
        }

        List<CaFunction> again = await DueAgainAsync(isTime: now >= nextRetry, cancellation);
        if (again.Count > 0)
        {
            await RunAsync(again, cancellation);
        }
        else if (now >= nextRetry)
        {
            Wait(); // the rest waits for the operator
        }
    }

    private async Task<List<CaFunction>> DueAgainAsync(bool isTime, CancellationToken cancellation)
    {
        var due = new List<CaFunction>();
        foreach ((CaFunction step, FailedStep failure) in failed)
        {
            bool isDue = (isTime && !failure.IsPublished)
                || failure.FileVersion != await FailedStep.VersionAsync(ca.InternalFiles, step, cancellation);
            if (isDue)
            {
                due.Add(step);
            }
        }

        return due;
    }

    private async Task RunAsync(IReadOnlyCollection<CaFunction> steps, CancellationToken cancellation)
    {
        var versions = new Dictionary<CaFunction, string?>();
        foreach (CaFunction step in steps)
        {
            versions[step] = await FailedStep.VersionAsync(ca.InternalFiles, step, cancellation); // read before the run, so that a change meanwhile is seen
        }

        PipelineReport report = await WatchedRun.RunAsync(ca, steps, bug => log.Unexpected("daily work", bug), cancellation);
        metrics.Ran(report, ca.Clock.GetUtcNow());
        LogReport(report);
        bool entryFailed = report.Count(EntryStatus.Failed) > 0;
        foreach (StepResult step in report.Steps)
        {
            bool isDone = step.Status != StepStatus.Failed && !(entryFailed && step.Step == CaFunction.TlsCert);
            Note(step.Step, isDone ? null : new FailedStep(step.IsPublished, versions[step.Step]));
        }

        Wait();
    }

    private async Task PublishAsync(CaFunction step, PublishCrl publish, CancellationToken cancellation)
    {
        string? version = await FailedStep.VersionAsync(ca.InternalFiles, step, cancellation);
        bool isPublished = false;
        try
        {
            CrlOutcome outcome = await publish.RunAsync(cancellation);
            isPublished = outcome.Status == CrlStatus.Published;
            LogOutcome(publish.FileKey, outcome);
            Note(step, outcome.Failed ? new FailedStep(isPublished, version) : null);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.CrlFailed(publish.FileKey, fault.Message);
            if (!Faults.IsFault(fault))
            {
                log.Unexpected(publish.FileKey, fault);
            }

            Note(step, new FailedStep(isPublished, version));
        }
    }

    private void LogOutcome(string file, CrlOutcome outcome)
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

    private void Note(CaFunction step, FailedStep? failure)
    {
        if (failure is null)
        {
            failed.Remove(step);
        }
        else
        {
            failed[step] = failure;
        }
    }

    private void Wait()
    {
        if (failed.Count == 0)
        {
            failures = 0;
            nextRetry = DateTimeOffset.MaxValue;
        }
        else
        {
            nextRetry = BoundedTime.After(ca.Clock.GetUtcNow(), backoff.After(++failures));
        }
    }

    private void LogReport(PipelineReport report)
    {
        foreach (StepResult step in report.Steps)
        {
            if (step.Status == StepStatus.Failed)
            {
                log.StepFailed(Operation.Of(step.Step).Step!, step.Message);
            }

            foreach (string problem in step.Problems)
            {
                log.Skipped(Operation.Of(step.Step).Step!, problem);
            }
        }

        foreach (EntryResult entry in report.Entries.Where(entry => entry.Status is EntryStatus.Failed or EntryStatus.Refused))
        {
            log.Skipped($"{entry.Place}: {entry.CommonName}", entry.Message ?? "");
        }

        log.PipelineRan(report.Entries.Count, report.Count(EntryStatus.Issued), report.Count(EntryStatus.Refused), report.Failed);
    }
}

/// <summary>A step that did not do all of its work. Immutable.</summary>
/// <param name="IsPublished">Whether a CRL was published all the same, with what could be done: another one would be
/// the same until the list is changed.</param>
/// <param name="FileVersion">The version of the operator's file at that time.</param>
internal sealed record FailedStep(bool IsPublished, string? FileVersion)
{
    private const string Missing = "missing";

    /// <summary>Returns the version of the operator's file that a step reads; null for steps without one.</summary>
    public static async Task<string?> VersionAsync(IInternalFiles files, CaFunction step, CancellationToken cancellation)
    {
        string? key = step switch
        {
            CaFunction.RootCaCrl => RevocationEntries.RootFileKey,
            CaFunction.IssuingCaCrl => RevocationEntries.IssuingFileKey,
            CaFunction.TlsCert => GitOpsEntries.FileKey,
            _ => null,
        };
        try
        {
            return key is null ? null : (await files.ReadAsync(key, cancellation))?.Version ?? Missing;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return fault.Message; // as long as the message is the same nothing has changed
        }
    }
}

/// <summary>Says how often the work is done. Immutable.</summary>
/// <param name="RunEvery">The time from one run of the pipeline to the next.</param>
/// <param name="PublishEvery">The time from one CRL to the next.</param>
internal sealed record Schedule(TimeSpan RunEvery, TimeSpan PublishEvery)
{
    private static readonly Backoff Retries = new(TimeSpan.FromMinutes(10)); // our decision: most transient faults are over by then

    /// <summary>Returns the backoff of retries.</summary>
    /// <param name="longest">The longest pause.</param>
    public static Backoff RetriesUpTo(TimeSpan longest) => Retries with { Longest = longest };

    /// <summary>Makes the schedule from settings. Both CRLs are published as often as the one with the shorter life
    /// requires (<see cref="CrlRenewal"/>).</summary>
    public static Schedule Of(CaSettings settings, TimeSpan runEvery)
    {
        TimeSpan shortest = settings.RootCrlLife < settings.IssuingCrlLife ? settings.RootCrlLife : settings.IssuingCrlLife;
        return new Schedule(runEvery, CrlRenewal.LongestPause(shortest));
    }
}
