namespace ServerlessCA.Lambda.Runtime;

/// <summary>The function did what it could, and yet a person has to do something: the run must end failed and say what
/// (SPEC 12.16). Trying again at once changes nothing.</summary>
internal sealed class StepFailedException(string message) : Exception(message);
