using System.Text.Json;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.StepFunctions;

/// <summary>One event of an execution's history. Immutable.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="PreviousId">The event it follows; 0 for none.</param>
/// <param name="Type">Such as <c>TaskStateEntered</c>, <c>TaskFailed</c>, <c>MapRunFailed</c>.</param>
/// <param name="Time">When it happened, UTC.</param>
/// <param name="StateName">The state that was entered or left; null for other events.</param>
/// <param name="Error">Which error it tells of; null for none.</param>
/// <param name="Cause">Why, in words; null for none.</param>
/// <param name="MapRunArn">The run of a distributed map that began with it; null for other events.</param>
public sealed record ExecutionEvent(
    long Id, long PreviousId, string Type, DateTimeOffset? Time, string? StateName, string? Error, string? Cause, string? MapRunArn)
{
    internal static ExecutionEvent Of(SignedAnswer answer, JsonElement json)
    {
        // Each type keeps its details under a name of its own, such as taskFailedEventDetails.
        JsonElement details = json.EnumerateObject()
            .FirstOrDefault(member => member.Name.EndsWith("EventDetails", StringComparison.Ordinal)).Value;
        return new(
            json.Number("id") ?? 0,
            json.Number("previousEventId") ?? 0,
            answer.Required(json, "type"),
            json.Time("timestamp"),
            details.Text("name"),
            details.Text("error"),
            details.Text("cause"),
            details.Text("mapRunArn"));
    }
}
