using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;

namespace ServerlessCA.Server.Schedule;

/// <summary>Runs steps of the pipeline so that not even a bug in one of them stops the others: a server runs for months
/// unattended.</summary>
internal sealed class WatchedRun : IPipelineObserver
{
    private readonly List<StepResult> steps = [];
    private readonly List<EntryResult> entries = [];
    private CaFunction current;

    /// <summary>Runs the steps.</summary>
    /// <param name="ca">The CA.</param>
    /// <param name="wanted">The steps to run.</param>
    /// <param name="unexpected">Called with bugs.</param>
    /// <param name="cancellation">Stops the run.</param>
    public static async Task<PipelineReport> RunAsync(
        Deployment ca, IEnumerable<CaFunction> wanted, Action<Exception> unexpected, CancellationToken cancellation)
    {
        var watch = new WatchedRun();
        var ahead = wanted.ToHashSet();
        while (ahead.Count > 0)
        {
            try
            {
                await new RunPipeline(ca, watch).RunAsync(ahead, cancellation);
                break;
            }
            catch (Exception bug) when (bug is not OperationCanceledException)
            {
                unexpected(bug);
                watch.steps.Add(new StepResult(watch.current, StepStatus.Failed, $"unexpected {bug.GetType().Name}: {bug.Message}", []));
                ahead.RemoveWhere(step => watch.steps.Exists(ended => ended.Step == step));
            }
        }

        return new PipelineReport(watch.steps, watch.entries);
    }

    /// <inheritdoc/>
    public void Begins(CaFunction which, int entryCount) => current = which;

    /// <inheritdoc/>
    public void Ended(EntryResult entry) => entries.Add(entry);

    /// <inheritdoc/>
    public void Ended(StepResult result) => steps.Add(result);
}
