namespace ServerlessCA.Lambda.Runtime;

/// <summary>The event is not one that this function is for. The message says what is.</summary>
internal sealed class UnexpectedEventException(string message) : Exception(message);
