namespace ServerlessCA.Lambda.Runtime;

/// <summary>The Lambda service wants no more of this process: it ends, and Lambda starts another when one is needed.</summary>
internal sealed class RuntimeEndedException(string message) : Exception(message);
