namespace ServerlessCA.Aws;

/// <summary>AWS cannot be called as things are set: no region, no credentials, a wrong address. The message says what to do.</summary>
public sealed class SessionUnusableException(string message, Exception? cause = null) : Exception(message, cause);
