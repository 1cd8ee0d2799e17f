using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Aws.StepFunctions;
using ServerlessCA.Core.Operations;

namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>Holds what is known of an execution that has ended. Immutable.</summary>
/// <param name="Execution">The execution with its status.</param>
/// <param name="Steps">The steps in their order.</param>
/// <param name="Map">The counts of the distributed map; null when there was none, or the caller may not read them.</param>
/// <param name="Cause">What failed; null when nothing did, or the cause does not say it.</param>
internal sealed record FollowedExecution(Execution Execution, IReadOnlyList<StepEnd> Steps, MapRun? Map, FailureCause? Cause);

/// <summary>Derives the steps of an execution from its history. The state machine runs one step after the other, so each
/// event belongs to the state that was entered last.</summary>
internal sealed class ExecutionSteps
{
    private readonly List<StepEnd> steps = [];
    private long lastId;
    private bool isSearching;

    /// <summary>The name of the step that is a distributed map.</summary>
    public static string Certificates { get; } = Operation.Of(CaFunction.TlsCert).Name;

    /// <summary>The steps in their order.</summary>
    public IReadOnlyList<StepEnd> All => steps;

    /// <summary>The ARN of the distributed map's run; null before it starts.</summary>
    public string? MapRunArn { get; private set; }

    /// <summary>Applies an event; events that were applied before are skipped.</summary>
    /// <returns>The step that just ended, if one did.</returns>
    public StepEnd? Apply(ExecutionEvent happened)
    {
        if (happened.Id <= lastId)
        {
            return null;
        }

        lastId = happened.Id;
        MapRunArn = happened.MapRunArn ?? MapRunArn;
        switch (happened.Type)
        {
            case "TaskStateEntered" or "MapStateEntered":
                isSearching = happened.StateName == Operation.SearchState; // its result does not matter, as the run goes on without it
                if (!isSearching)
                {
                    steps.Add(new StepEnd(NameOf(happened.StateName ?? "")));
                }

                break;
            case not null when isSearching:
                break;
            case "TaskStateExited" or "MapStateExited" when steps.Count > 0:
                return steps[^1] = steps[^1] with { HasEnded = true };
            case "TaskSucceeded" or "LambdaFunctionSucceeded" or "MapRunSucceeded":
                Fail(null);
                break;
            case "TaskFailed" or "TaskTimedOut" or "TaskSubmitFailed" or "TaskStartFailed" or "LambdaFunctionFailed" or "MapRunFailed" or "MapStateFailed":
                Fail(TextOf(happened));
                break;
        }

        return null;
    }

    /// <summary>Marks all steps as ended.</summary>
    public void EndAll()
    {
        for (int place = 0; place < steps.Count; place++)
        {
            steps[place] = steps[place] with { HasEnded = true };
        }
    }

    /// <summary>Changes a step; a step that was not seen is added.</summary>
    public void Amend(string name, Func<StepEnd, StepEnd> change)
    {
        int at = steps.FindIndex(step => step.Name == name);
        if (at < 0)
        {
            steps.Add(change(new StepEnd(name) { HasEnded = true }));
        }
        else
        {
            steps[at] = change(steps[at]);
        }
    }

    private static string NameOf(string state) => Operation.Pipeline.FirstOrDefault(operation => operation.State == state)?.Name ?? state;

    // A task that is retried may yet succeed: the last event decides.
    private void Fail(string? why)
    {
        if (steps.Count > 0)
        {
            steps[^1] = steps[^1] with { Failure = why };
        }
    }

    // A function's cause is JSON with type and message.
    private static string TextOf(ExecutionEvent happened)
    {
        string error = happened.Error ?? "failed";
        return happened.Cause switch
        {
            null or "" => error,
            ['{', ..] json => CloudFault.Reason(Encoding.UTF8.GetBytes(json)),
            { } words => $"{error}: {words}",
        };
    }
}

/// <summary>Says how far one step of an execution is. Immutable.</summary>
/// <param name="Name">The function's short name, or the name of the state if it is not one of ours.</param>
internal sealed record StepEnd(string Name)
{
    /// <summary>Whether the step has ended.</summary>
    public bool HasEnded { get; init; }

    /// <summary>What the step failed with; null when it did not fail.</summary>
    public string? Failure { get; init; }

    /// <summary>A remark for the report; null when there is none.</summary>
    public string? Remark { get; init; }
}

/// <summary>The cause that the state machine gives when it fails (state "Say what failed" of
/// <c>terraform/state-machine.asl.json.tftpl</c>). Immutable.</summary>
/// <param name="Steps">The error of each step that failed, by its function.</param>
/// <param name="FailedEntries">The number of entries of tls.json that failed.</param>
/// <param name="Entries">The first of these entries.</param>
internal sealed partial record FailureCause(
    IReadOnlyList<(string Step, string Error)> Steps, int FailedEntries, IReadOnlyList<FailedEntry> Entries)
{
    /// <summary>Reads a cause; null when it has another form.</summary>
    public static FailureCause? Read(string? cause)
    {
        if (cause is null || Form().Match(cause) is not { Success: true } found)
        {
            return null;
        }

        try
        {
            using JsonDocument entries = JsonDocument.Parse(found.Groups["entries"].Value);
            return new FailureCause(
                [.. found.Groups["steps"].Value.Split("; ").Select(step => step.Split(' ', 2))
                    .Where(step => step is [_, not "none"]).Select(step => (step[0], step[1]))],
                int.Parse(found.Groups["number"].Value, CultureInfo.InvariantCulture),
                [.. entries.RootElement.EnumerateArray().Select(FailedEntry.Of)]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^Errors by step: (?<steps>.*)\. Entries of tls\.json that failed: (?<number>\d+) (?<entries>\[.*\])$", RegexOptions.Singleline)]
    private static partial Regex Form();
}

/// <summary>An entry of tls.json whose function failed. Immutable.</summary>
/// <param name="Position">The position in the list, from 1.</param>
/// <param name="CommonName">The common name; null when the entry has none.</param>
/// <param name="Error">The error of the function.</param>
internal sealed record FailedEntry(int Position, string? CommonName, string Error)
{
    /// <summary>Reads one of the state machine's records. Older state machines write an index from 0 instead of the
    /// position.</summary>
    /// <exception cref="InvalidOperationException">It has another form.</exception>
    public static FailedEntry Of(JsonElement json) => new(
        json.TryGetProperty(nameof(Position), out JsonElement position) && position.TryGetInt32(out int number) ? number
            : json.TryGetProperty("Index", out JsonElement index) && index.TryGetInt32(out int place) ? place + 1 : 0,
        json.TryGetProperty(nameof(CommonName), out JsonElement name) ? name.GetString() : null,
        json.TryGetProperty(nameof(Error), out JsonElement error) ? error.GetString() ?? "" : "");
}
