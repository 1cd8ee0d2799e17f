namespace ServerlessCA.Core.Operations;

/// <summary>A function did what it could, and something is for a person to mend; the message says what. Trying again at
/// once changes nothing, and the pipeline ends failed for it (contract 12.16). Contract: callers on AWS see the type's name.</summary>
public sealed class StepFailedException(string message) : Exception(message);
