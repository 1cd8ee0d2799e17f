using System.Text;
using ServerlessCA.Aws.StepFunctions;
using ServerlessCA.Core.Operations;

namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>The steps of an execution, read from its history. The machine does one after the other, so that each event
/// belongs to the state that was entered last.</summary>
internal sealed class ExecutionSteps
{
    private readonly List<StepEnd> steps = [];
    private long heard;
    private bool isSearching;

    /// <summary>The step that is a distributed map.</summary>
    public static string Certificates { get; } = Operation.Of(CaFunction.TlsCert).Name;

    /// <summary>In their order.</summary>
    public IReadOnlyList<StepEnd> All => steps;

    /// <summary>The run of the distributed map; null: none yet.</summary>
    public string? MapRunArn { get; private set; }

    /// <summary>Hears an event; those heard before are passed over.</summary>
    /// <returns>The step that just ended, if one did.</returns>
    public StepEnd? Hear(ExecutionEvent happened)
    {
        if (happened.Id <= heard)
        {
            return null;
        }

        heard = happened.Id;
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
