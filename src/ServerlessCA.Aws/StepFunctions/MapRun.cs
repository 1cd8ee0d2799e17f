using System.Text.Json;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.StepFunctions;

/// <summary>How a run of a distributed map stands, in items. Immutable.</summary>
/// <param name="Status"><c>RUNNING</c>, <c>SUCCEEDED</c>, <c>FAILED</c>, <c>ABORTED</c>.</param>
/// <param name="Total">Items in all, as far as they have been read.</param>
/// <param name="Succeeded">Ended well.</param>
/// <param name="Failed">Ended in an error, in time-out or by abortion.</param>
public sealed record MapRun(string Status, long Total, long Succeeded, long Failed)
{
    /// <summary>Ended one way or the other.</summary>
    public long Ended => Succeeded + Failed;

    internal static MapRun Of(SignedAnswer answer, JsonElement json)
    {
        JsonElement counts = json.Member("itemCounts") ?? default;
        return new(
            answer.Required(json, "status"),
            counts.Number("total") ?? 0,
            counts.Number("succeeded") ?? 0,
            (counts.Number("failed") ?? 0) + (counts.Number("timedOut") ?? 0) + (counts.Number("aborted") ?? 0));
    }
}
