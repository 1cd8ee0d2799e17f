using System.Globalization;
using System.Text.Json;
using ServerlessCA.Aws.StepFunctions;
using ServerlessCA.Cli.Output;
using ServerlessCA.Core.Settings;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>Writes what an execution did, for people and for programs.</summary>
internal static class ExecutionReport
{
    /// <summary>Writes tables or one object, then what failed.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(Terminal terminal, FollowedExecution ended, CaNames names, bool json)
    {
        if (json)
        {
            terminal.Write(Json(ended));
        }
        else
        {
            WriteTables(terminal, ended);
        }

        if (ended.Execution.HasSucceeded)
        {
            return ExitCode.Done;
        }

        StepEnd[] failed = [.. ended.Steps.Where(step => step.Failure is not null)];
        string what = failed.Length > 0 ? string.Join(", ", failed.Select(step => step.Name))
            : string.Join(": ", ((string?[])[ended.Execution.Status, ended.Execution.Error, ended.Execution.Cause]).Where(part => part is not null));
        string logs = failed.Length > 0 ? $"logs: {string.Join(", ", failed.Select(step => $"/aws/lambda/{names.Function(step.Name)}"))}; " : "";
        terminal.Error($"the pipeline failed: {what}", $"{logs}mend what failed and run again: what is done stays done");
        return ExitCode.Fault;
    }

    private static void WriteTables(Terminal terminal, FollowedExecution ended)
    {
        var steps = new TextTable("Step", "Result", "Message");
        foreach (StepEnd step in ended.Steps)
        {
            steps.Add(step.Name, Word(step), step.Failure ?? step.Remark);
        }

        if (ended.Steps.Count > 0)
        {
            terminal.WriteTable(steps);
            terminal.WriteLine();
        }

        if (ended.Cause is { Entries.Count: > 0 } cause)
        {
            terminal.WriteTable(EntryTable(cause));
            terminal.WriteLine();
        }

        terminal.WriteTable(new TextTable(columns: 2).Add("Execution", ended.Execution.Arn).Add("Took", Took(ended)));
    }

    private static TextTable EntryTable(FailureCause cause)
    {
        var table = new TextTable("Name", "Entry", "Error");
        foreach (FailedEntry entry in cause.Entries)
        {
            table.Add(entry.CommonName ?? "(no name)", entry.Position.ToString(CultureInfo.InvariantCulture), entry.Error);
        }

        return cause.FailedEntries > cause.Entries.Count
            ? table.Add(string.Create(CultureInfo.InvariantCulture, $"({cause.FailedEntries - cause.Entries.Count} more)"), "", "")
            : table;
    }

    private static Cell Word(StepEnd step) => step switch
    {
        { Failure: not null } => new("failed", Tone.Bad),
        { HasEnded: true } => new("done", Tone.Good),
        _ => new("cut short", Tone.Bad),
    };

    private static string Took(FollowedExecution ended) => ended.Execution is { Started: { } started, Stopped: { } stopped }
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling((stopped - started).TotalSeconds)} seconds")
        : "unknown";

    private static string Json(FollowedExecution ended) => JsonText.Object(writer =>
    {
        writer.WriteString("Execution", ended.Execution.Arn);
        writer.WriteString("Status", ended.Execution.Status);
        writer.WriteString("Started", ended.Execution.Started is { } started ? Rfc3339.Text(started) : null);
        writer.WriteString("Stopped", ended.Execution.Stopped is { } stopped ? Rfc3339.Text(stopped) : null);
        writer.WriteString("Error", ended.Execution.Error);
        writer.WriteString("Cause", ended.Execution.Cause);
        WriteSteps(writer, ended.Steps);
        writer.WriteNumber("FailedEntries", ended.Cause?.FailedEntries ?? 0);
        WriteEntries(writer, ended.Cause?.Entries ?? []);
    });

    private static void WriteSteps(Utf8JsonWriter writer, IReadOnlyList<StepEnd> steps)
    {
        writer.WriteStartArray("Steps");
        foreach (StepEnd step in steps)
        {
            writer.WriteStartObject();
            writer.WriteString("Step", step.Name);
            writer.WriteString("Status", step.Failure is not null ? "Failed" : step.HasEnded ? "Done" : "CutShort");
            writer.WriteString("Message", step.Failure ?? step.Remark);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteEntries(Utf8JsonWriter writer, IReadOnlyList<FailedEntry> entries)
    {
        writer.WriteStartArray("Entries");
        foreach (FailedEntry entry in entries)
        {
            writer.WriteStartObject();
            writer.WriteNumber("Position", entry.Position);
            writer.WriteString("CommonName", entry.CommonName);
            writer.WriteString("Error", entry.Error);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

/// <summary>Shows how far an execution is.</summary>
/// <param name="terminal">Where a line for each step is written with <c>--verbose</c>.</param>
/// <param name="line">The line that shows the progress.</param>
/// <param name="verbose">Whether a line is written for every step.</param>
internal sealed class ExecutionProgress(Terminal terminal, IProgressLine line, bool verbose)
{
    /// <summary>Shows that the execution has been started.</summary>
    public void Started(string arn)
    {
        line.Show("started", 0, 0);
        if (verbose)
        {
            terminal.Notice($"started {arn}");
        }
    }

    /// <summary>Shows that a step has ended.</summary>
    public void Ended(StepEnd step)
    {
        if (verbose)
        {
            // Entries that failed are known only at the end.
            string well = step.Name == ExecutionSteps.Certificates ? "every entry was looked at" : "done";
            terminal.Notice($"{step.Name}: {(step.Failure is { } why ? $"failed: {why}" : well)}");
        }
    }

    /// <summary>Shows the current step, and with the distributed map its counts.</summary>
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
