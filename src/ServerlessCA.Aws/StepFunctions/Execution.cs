using System.Text.Json;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.StepFunctions;

/// <summary>How an execution stands. Immutable.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="Status"><c>RUNNING</c>, <c>SUCCEEDED</c>, <c>FAILED</c>, <c>TIMED_OUT</c>, <c>ABORTED</c>, <c>PENDING_REDRIVE</c>.</param>
/// <param name="Started">When it was started, UTC.</param>
/// <param name="Stopped">When it ended; null while it runs.</param>
/// <param name="Output">Its output, JSON; null unless it succeeded.</param>
/// <param name="Error">Which error ended it.</param>
/// <param name="Cause">Why, in words.</param>
public sealed record Execution(
    string Arn, string Status, DateTimeOffset? Started, DateTimeOffset? Stopped, string? Output, string? Error, string? Cause)
{
    /// <summary>Whether it goes on.</summary>
    public bool IsRunning => Status == "RUNNING";

    /// <summary>Whether it ended well.</summary>
    public bool HasSucceeded => Status == "SUCCEEDED";

    internal static Execution Of(SignedAnswer answer, JsonElement json) => new(
        answer.Required(json, "executionArn"),
        answer.Required(json, "status"),
        json.Time("startDate"),
        json.Time("stopDate"),
        json.Text("output"),
        json.Text("error"),
        json.Text("cause"));
}
