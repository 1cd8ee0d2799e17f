using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServerlessCA.Aws.StepFunctions;
using ServerlessCA.Core.Operations;

namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>An execution that has ended, and what is known of it. Immutable.</summary>
/// <param name="Execution">Its end.</param>
/// <param name="Steps">Its steps in order.</param>
/// <param name="Map">The distributed map; null: there was none, or its counts may not be read.</param>
/// <param name="Cause">What failed; null: nothing, or it does not say.</param>
internal sealed record FollowedExecution(Execution Execution, IReadOnlyList<StepEnd> Steps, MapRun? Map, FailureCause? Cause);

/// <summary>The steps of an execution, read from its history. The machine does one after the other, so that each event
/// belongs to the state that was entered last.</summary>
internal sealed class ExecutionSteps
{
    private readonly List<StepEnd> steps = [];
    private long lastId;
    private bool isSearching;

    /// <summary>The step that is a distributed map.</summary>
    public static string Certificates { get; } = Operation.Of(CaFunction.TlsCert).Name;

    /// <summary>In their order.</summary>
    public IReadOnlyList<StepEnd> All => steps;

    /// <summary>The run of the distributed map; null: none yet.</summary>
    public string? MapRunArn { get; private set; }

    /// <summary>Hears an event; those heard before are passed over.</summary>
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
                isSearching = happened.StateName == Operation.SearchState; // whatever becomes of it, the run goes on as well
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

    /// <summary>The machine went through to its end.</summary>
    public void EndAll()
    {
        for (int place = 0; place < steps.Count; place++)
        {
            steps[place] = steps[place] with { HasEnded = true };
        }
    }

    /// <summary>Puts what else became known to a step; a step that was not seen is added.</summary>
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

    // A task that is tried again may yet succeed: the last event counts.
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

/// <summary>How far one step of an execution is.</summary>
/// <param name="Name">The function's short name, or the state's where it is none of ours.</param>
internal sealed record StepEnd(string Name)
{
    /// <summary>Whether it has ended.</summary>
    public bool HasEnded { get; init; }

    /// <summary>What it failed with; null: it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>What else there is to tell; null: nothing.</summary>
    public string? Remark { get; init; }
}

/// <summary>What the state machine says when it ends failed (state "Say what failed" of
/// <c>terraform/state-machine.asl.json.tftpl</c>). Immutable.</summary>
/// <param name="Steps">Error of each step that failed, by its function.</param>
/// <param name="FailedEntries">How many entries of tls.json failed.</param>
/// <param name="Entries">The first of them.</param>
internal sealed partial record FailureCause(
    IReadOnlyList<(string Step, string Error)> Steps, int FailedEntries, IReadOnlyList<FailedEntry> Entries)
{
    /// <summary>Reads it; null when it is of another form.</summary>
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
/// <param name="Position">From 1.</param>
/// <param name="CommonName">Null: it has none.</param>
/// <param name="Error">With what.</param>
internal sealed record FailedEntry(int Position, string? CommonName, string Error)
{
    /// <summary>Reads one of the state machine's records. Those of state machines of before have a place from 0 instead.</summary>
    /// <exception cref="InvalidOperationException">It is of another form.</exception>
    public static FailedEntry Of(JsonElement json) => new(
        json.TryGetProperty(nameof(Position), out JsonElement position) && position.TryGetInt32(out int number) ? number
            : json.TryGetProperty("Index", out JsonElement index) && index.TryGetInt32(out int place) ? place + 1 : 0,
        json.TryGetProperty(nameof(CommonName), out JsonElement name) ? name.GetString() : null,
        json.TryGetProperty(nameof(Error), out JsonElement error) ? error.GetString() ?? "" : "");
}
