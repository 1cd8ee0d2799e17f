using System.Text.Json.Nodes;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>One function under faults: what is there before, what it is asked, and what has to be so after it failed once
/// and was run again.</summary>
/// <param name="Name">For people.</param>
/// <param name="Handler">Which function.</param>
/// <param name="PrepareAsync">Makes what has to be there before; its answer is the event.</param>
/// <param name="CheckAsync">Looks at what is there at the end. Gets what the failing run answered (null when it failed,
/// or has no answer) and what the run after it did.</param>
internal sealed record FaultCase(
    string Name,
    string Handler,
    Func<FaultyFunctions, Task<JsonNode?>> PrepareAsync,
    Func<FaultyFunctions, JsonNode?, JsonNode?, Task> CheckAsync)
{
    public override string ToString() => Name;
}
