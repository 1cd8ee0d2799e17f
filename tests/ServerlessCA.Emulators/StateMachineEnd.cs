using System.Text.Json;

namespace ServerlessCA.Emulators;

/// <summary>How an execution of the state machine ended.</summary>
/// <param name="Status"><c>SUCCEEDED</c> or <c>FAILED</c>.</param>
/// <param name="Error">Of a failed one.</param>
/// <param name="Cause">Of a failed one.</param>
/// <param name="Results">What each entry of <c>tls.json</c> ended as, in its order.</param>
public sealed record StateMachineEnd(string Status, string? Error, string? Cause, IReadOnlyList<JsonElement> Results)
{
    /// <summary>Each try of a task of the machine itself.</summary>
    public IReadOnlyList<StateMachineAttempt> Attempts { get; init; } = [];

    /// <summary>Whether every step went well.</summary>
    public bool Succeeded => Status == "SUCCEEDED";
}
