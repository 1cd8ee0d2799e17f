using System.Text.Json.Nodes;

namespace ServerlessCA.Emulators.StepFunctions;

/// <summary>Scripts an execution look by look: each look at the execution shows more of its history, the last one its end.
/// Events are as GetExecutionHistory answers them (Step Functions API Reference, HistoryEvent).</summary>
public sealed class ExecutionHistory
{
    private const double Begin = 1_893_585_600; // 2030-01-02 12:00:00 UTC, in seconds

    private readonly List<JsonObject> events = [];
    private readonly List<(int Events, JsonObject? Counts)> looks = [];
    private JsonObject? counts;

    /// <summary>Begins the history of an execution that has started.</summary>
    public ExecutionHistory() => Add("ExecutionStarted", "executionStartedEventDetails", new JsonObject { ["roleArn"] = "arn:aws:iam::123456789012:role/run" });

    /// <summary>The status at its end; <c>SUCCEEDED</c> unless <see cref="End"/> says otherwise.</summary>
    public string Status { get; private set; } = "SUCCEEDED";

    /// <summary>The error that it ends with.</summary>
    public string? Error { get; private set; }

    /// <summary>The cause of that error.</summary>
    public string? Cause { get; private set; }

    /// <summary>The ARN of the run of its map.</summary>
    public static string MapRunArn => "arn:aws:states:eu-west-2:123456789012:mapRun:ca/Certificates:run";

    /// <summary>The number of looks until it has ended.</summary>
    public int Looks => looks.Count + 1;

    /// <summary>Returns the events until a look, which is counted from 0.</summary>
    public IReadOnlyList<JsonObject> EventsAt(int look) => look < looks.Count ? events[..looks[look].Events] : events;

    /// <summary>Returns the counts of the map at a look.</summary>
    public JsonObject? CountsAt(int look) => look < looks.Count ? looks[look].Counts : counts;

    /// <summary>Ends a look: only the next one shows further events.</summary>
    public ExecutionHistory Look()
    {
        looks.Add((events.Count, counts));
        return this;
    }

    /// <summary>Adds the beginning of a task.</summary>
    public ExecutionHistory Enter(string state, bool map = false) =>
        Add(map ? "MapStateEntered" : "TaskStateEntered", "stateEnteredEventDetails", new JsonObject { ["name"] = state });

    /// <summary>Adds a failed attempt of the task.</summary>
    public ExecutionHistory Fail(string error, string cause) => Add("TaskFailed", "taskFailedEventDetails", new JsonObject
    {
        ["resourceType"] = "lambda",
        ["resource"] = "invoke",
        ["error"] = error,
        ["cause"] = cause,
    });

    /// <summary>Adds a successful attempt of the task.</summary>
    public ExecutionHistory Succeed() => Add("TaskSucceeded", "taskSucceededEventDetails", new JsonObject { ["resourceType"] = "lambda", ["resource"] = "invoke" });

    /// <summary>Adds the end of the task.</summary>
    public ExecutionHistory Exit(string state, bool map = false) =>
        Add(map ? "MapStateExited" : "TaskStateExited", "stateExitedEventDetails", new JsonObject { ["name"] = state });

    /// <summary>Adds the beginning of the map's run.</summary>
    public ExecutionHistory StartMap() => Add("MapRunStarted", "mapRunStartedEventDetails", new JsonObject { ["mapRunArn"] = MapRunArn });

    /// <summary>Sets the counts of the map.</summary>
    public ExecutionHistory Count(int total, int succeeded, int failed = 0)
    {
        counts = new JsonObject
        {
            ["pending"] = total - succeeded - failed, ["running"] = 0, ["succeeded"] = succeeded, ["failed"] = failed, ["timedOut"] = 0,
            ["aborted"] = 0, ["total"] = total, ["resultsWritten"] = 0,
        };
        return this;
    }

    /// <summary>Adds the end of the map's run.</summary>
    public ExecutionHistory EndMap(string? error = null, string? cause = null) => error is null
        ? Add("MapRunSucceeded", null, null)
        : Add("MapRunFailed", "mapRunFailedEventDetails", new JsonObject { ["error"] = error, ["cause"] = cause });

    /// <summary>Sets another end than success.</summary>
    public ExecutionHistory End(string status, string? error, string? cause)
    {
        (Status, Error, Cause) = (status, error, cause);
        return this;
    }

    /// <summary>Makes the history of a run of the real definition.</summary>
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
            history.AddAttempt(attempt, end.Results.Count);
        }

        return (last is null ? history : history.Exit(last.State, last.Map)).End(end.Status, end.Error, end.Cause);
    }

    private void AddAttempt(StateMachineAttempt attempt, int items)
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
