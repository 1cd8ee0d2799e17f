namespace ServerlessCA.Emulators;

/// <summary>A try of a task of the state machine.</summary>
/// <param name="State">The state.</param>
/// <param name="Map">Whether it is the distributed map.</param>
/// <param name="Error">What it failed with; null: it did not.</param>
/// <param name="Cause">Why.</param>
public sealed record StateMachineAttempt(string State, bool Map, string? Error, string? Cause);
