using System.Globalization;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Server.Metrics;

/// <summary>Counts what the server does. No label holds a name of a client or anything that a caller chooses. Safe for many
/// threads.</summary>
internal sealed class ServerMetrics
{
    private const string Prefix = "serverless_ca_";

    private readonly Counter issued = new Counter($"{Prefix}certificates_issued_total", "Certificates that were stored, by kind.", "kind").Begin("ca").Begin("end_entity");
    private readonly Counter refused = new($"{Prefix}requests_refused_total", "Requests for certificates that were refused, by code.", "code");
    private readonly Counter revoked = new Counter($"{Prefix}certificates_revoked_total", "Certificates that were newly revoked.").Begin();
    private readonly Counter failedCalls = new Counter($"{Prefix}function_failures_total", "Calls of functions that failed, by function.", "function");
    private readonly Counter runs = new Counter($"{Prefix}runs_total", "Runs of the pipeline, or of some of its steps, by result.", "result").Begin("done").Begin("failed");
    private readonly Counter requests = new($"{Prefix}http_requests_total", "Requests over HTTP, by class of path and status.", "class", "status");
    private readonly DurationHistogram durations = new($"{Prefix}http_request_duration_seconds", "Time to answer a request, by class of path.", "class");

    private readonly Lock turn = new();
    private readonly SortedDictionary<string, bool> steps = new(StringComparer.Ordinal);
    private DateTimeOffset? lastRun;
    private DateTimeOffset? lastGoodRun;

    /// <summary>Begins to count; every code of a refusal and every function is there from the start.</summary>
    public ServerMetrics()
    {
        foreach (RejectionCode code in Enum.GetValues<RejectionCode>())
        {
            refused.Begin(RejectionCodes.NameOf(code));
        }

        foreach (Operation operation in Operation.Pipeline)
        {
            failedCalls.Begin(operation.Name);
        }
    }

    /// <summary>Counts the web pages that are signed in; set when the server is put together.</summary>
    public Func<int> Sessions { get; set; } = () => 0;

    /// <summary>The most connections at once; set when the server is put together.</summary>
    public int ConnectionsLimit { get; set; }

    /// <summary>Counts the connections; set when the server is put together.</summary>
    public Func<int> Connections { get; set; } = () => 0;

    /// <summary>Counts a certificate that was stored.</summary>
    public void Issued(bool isCa) => issued.Increment(isCa ? "ca" : "end_entity");

    /// <summary>Counts a certificate that was revoked.</summary>
    public void Revoked() => revoked.Increment();

    /// <summary>Counts a refusal.</summary>
    public void Refused(RejectionCode code) => refused.Increment(RejectionCodes.NameOf(code));

    /// <summary>Counts a call of a function that failed.</summary>
    /// <param name="function">The function's name, one of the operations'.</param>
    public void Failed(string function) => failedCalls.Increment(function);

    /// <summary>Counts a request that was answered.</summary>
    public void Answered(string path, int status, TimeSpan took)
    {
        string group = PathClass.Of(path);
        requests.Increment(group, status.ToString(CultureInfo.InvariantCulture));
        durations.Observe(group, took);
    }

    /// <summary>Counts a run, with the refusals of its entries.</summary>
    /// <param name="report">What it did.</param>
    /// <param name="at">When it ended, UTC.</param>
    public void Ran(PipelineReport report, DateTimeOffset at)
    {
        runs.Increment(report.Failed ? "failed" : "done");
        foreach (EntryResult entry in report.Entries.Where(entry => entry.Status == EntryStatus.Refused))
        {
            Refused(entry.Refusal ?? RejectionCode.Malformed);
        }

        lock (turn)
        {
            lastRun = at;
            bool entryFailed = report.Count(EntryStatus.Failed) > 0;
            foreach (StepResult step in report.Steps)
            {
                bool isFailed = step.Status == StepStatus.Failed || (entryFailed && step.Step == CaFunction.TlsCert);
                steps[Operation.Of(step.Step).Step ?? Operation.Of(step.Step).Name] = isFailed;
            }

            // Steps are retried alone: all is well when none of the steps that ran ended failed the last time.
            lastGoodRun = steps.Values.Any(failed => failed) ? lastGoodRun : at;
        }
    }

    /// <summary>Writes everything that is counted.</summary>
    public void Write(MetricsText text)
    {
        foreach (Counter counter in (Counter[])[issued, refused, revoked, failedCalls, runs, requests])
        {
            counter.Write(text);
        }

        durations.Write(text);
        text.Gauge($"{Prefix}connections", "Connections that are open.", Connections());
        text.Gauge($"{Prefix}connections_limit", "The most connections at once.", ConnectionsLimit);
        text.Gauge($"{Prefix}sessions", "Web pages that are signed in.", Sessions());
        lock (turn)
        {
            WriteRuns(text);
        }
    }

    private void WriteRuns(MetricsText text)
    {
        if (lastRun is { } last)
        {
            text.Gauge($"{Prefix}run_last_timestamp_seconds", "When the last run ended.", last.ToUnixTimeSeconds());
        }

        if (lastGoodRun is { } good)
        {
            text.Gauge($"{Prefix}run_last_success_timestamp_seconds", "When a run ended after which no step was left failed.", good.ToUnixTimeSeconds());
        }

        text.Family($"{Prefix}run_step_failed", "gauge", "Whether a step of the pipeline ended failed when it last ran.");
        foreach ((string step, bool failed) in steps)
        {
            text.Sample($"{Prefix}run_step_failed", MetricsText.Labels(("step", step)), failed ? 1 : 0);
        }
    }
}
