using System.Globalization;
using ServerlessCA.Aws.StepFunctions;
using ServerlessCA.Cli.Output;

namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>Shows how far an execution is.</summary>
/// <param name="terminal">Gets a line for each step with <c>--verbose</c>.</param>
/// <param name="line">Shows what goes on.</param>
/// <param name="verbose">Whether to tell every step.</param>
internal sealed class ExecutionProgress(Terminal terminal, IProgressLine line, bool verbose)
{
    /// <summary>It has been started.</summary>
    public void Started(string arn)
    {
        line.Show("started", 0, 0);
        if (verbose)
        {
            terminal.Notice($"started {arn}");
        }
    }

    /// <summary>A step has ended.</summary>
    public void Ended(StepEnd step)
    {
        if (verbose)
        {
            // Entries that failed are known only at the end.
            string well = step.Name == ExecutionSteps.Certificates ? "every entry was looked at" : "done";
            terminal.Notice($"{step.Name}: {(step.Failure is { } why ? $"failed: {why}" : well)}");
        }
    }

    /// <summary>So far it is.</summary>
    public void Advanced(IReadOnlyList<StepEnd> steps, MapRun? map)
    {
        StepEnd? current = steps.LastOrDefault(step => !step.HasEnded);
        if (current?.Name == ExecutionSteps.Certificates && map is { Total: > 0 })
        {
            string failed = map.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {map.Failed} failed") : "";
            line.Show(current.Name + failed, (int)map.Ended, (int)map.Total);
        }
        else
        {
            line.Show(current?.Name ?? "between steps", 0, 0);
        }
    }
}
