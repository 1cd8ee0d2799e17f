using System.Text.Json.Nodes;

namespace ServerlessCA.Emulators.StepFunctions;

/// <summary>What happens in an execution, look by look: each look at the execution shows some more of it, the last one its
/// end. Events are as GetExecutionHistory answers them (Step Functions API Reference, HistoryEvent).</summary>
public sealed class ExecutionHistory
{
    private const double Begin = 1_893_585_600; // 2030-01-02 12:00:00 UTC, in seconds

    private readonly List<JsonObject> events = [];
    private readonly List<(int Events, JsonObject? Counts)> looks = [];
    private JsonObject? counts;

    /// <summary>One that has started.</summary>
    public ExecutionHistory() => Add("ExecutionStarted", "executionStartedEventDetails", new JsonObject { ["roleArn"] = "arn:aws:iam::123456789012:role/run" });

    /// <summary><c>SUCCEEDED</c>, or how else it ends.</summary>
    public string Status { get; private set; } = "SUCCEEDED";

    /// <summary>What it ends with.</summary>
    public string? Error { get; private set; }

    /// <summary>Why.</summary>
    public string? Cause { get; private set; }

    /// <summary>Of the run of its map.</summary>
    public static string MapRunArn => "arn:aws:states:eu-west-2:123456789012:mapRun:ca/Certificates:run";

    /// <summary>Looks until it has ended.</summary>
    public int Looks => looks.Count + 1;

    /// <summary>What has happened by a look, from 0.</summary>
    public IReadOnlyList<JsonObject> EventsAt(int look) => look < looks.Count ? events[..looks[look].Events] : events;

    /// <summary>How far the map is by a look.</summary>
    public JsonObject? CountsAt(int look) => look < looks.Count ? looks[look].Counts : counts;

    /// <summary>The next events are seen only by the next look.</summary>
    public ExecutionHistory Look()
    {
        looks.Add((events.Count, counts));
        return this;
    }

    /// <summary>A task is begun.</summary>
    public ExecutionHistory Enter(string state, bool map = false) =>
        Add(map ? "MapStateEntered" : "TaskStateEntered", "stateEnteredEventDetails", new JsonObject { ["name"] = state });

    /// <summary>A try of it fails.</summary>
    public ExecutionHistory Fail(string error, string cause) => Add("TaskFailed", "taskFailedEventDetails", new JsonObject
    {
        ["resourceType"] = "lambda",
        ["resource"] = "invoke",
        ["error"] = error,
        ["cause"] = cause,
    });

    /// <summary>A try of it works.</summary>
    public ExecutionHistory Succeed() => Add("TaskSucceeded", "taskSucceededEventDetails", new JsonObject { ["resourceType"] = "lambda", ["resource"] = "invoke" });

    /// <summary>It is left, however it went.</summary>
    public ExecutionHistory Exit(string state, bool map = false) =>
        Add(map ? "MapStateExited" : "TaskStateExited", "stateExitedEventDetails", new JsonObject { ["name"] = state });

    /// <summary>The map begins its run.</summary>
    public ExecutionHistory StartMap() => Add("MapRunStarted", "mapRunStartedEventDetails", new JsonObject { ["mapRunArn"] = MapRunArn });

    /// <summary>The map is so far.</summary>
    public ExecutionHistory Count(int total, int succeeded, int failed = 0)
    {
        counts = new JsonObject
        {
            ["pending"] = total - succeeded - failed, ["running"] = 0, ["succeeded"] = succeeded, ["failed"] = failed, ["timedOut"] = 0,
            ["aborted"] = 0, ["total"] = total, ["resultsWritten"] = 0,
        };
        return this;
    }

    /// <summary>The map ends its run.</summary>
    public ExecutionHistory EndMap(string? error = null, string? cause = null) => error is null
        ? Add("MapRunSucceeded", null, null)
        : Add("MapRunFailed", "mapRunFailedEventDetails", new JsonObject { ["error"] = error, ["cause"] = cause });

    /// <summary>It ends otherwise than well.</summary>
    public ExecutionHistory End(string status, string? error, string? cause)
    {
        (Status, Error, Cause) = (status, error, cause);
        return this;
    }

    /// <summary>That of a run of the real definition.</summary>
    public static ExecutionHistory Of(StateMachineEnd end)
    {
        ExecutionHistory history = new ExecutionHistory().Look();
        StateMachineAttempt? last = null;
        foreach (StateMachineAttempt attempt in end.Attempts)
        {
            if (attempt.State != last?.State)
            {
                _ = last is null ? history : history.Exit(last.State, last.Map);
                history.Enter(attempt.State, attempt.Map);
            }

            last = attempt;
            history.Tell(attempt, end.Results.Count);
        }

        return (last is null ? history : history.Exit(last.State, last.Map)).End(end.Status, end.Error, end.Cause);
    }

    private void Tell(StateMachineAttempt attempt, int items)
    {
        if (attempt.Map)
        {
            StartMap().Count(items, items).EndMap(attempt.Error, attempt.Cause);
        }
        else if (attempt.Error is { } error)
        {
            Fail(error, attempt.Cause ?? "");
        }
        else
        {
            Succeed();
        }
    }

    private ExecutionHistory Add(string type, string? member, JsonObject? details)
    {
        var happened = new JsonObject
        {
            ["id"] = events.Count + 1,
            ["previousEventId"] = events.Count,
            ["timestamp"] = double.Round(Begin + (events.Count * 0.25), 3),
            ["type"] = type,
        };
        if (member is not null)
        {
            happened[member] = details;
        }

        events.Add(happened);
        return this;
    }
}
