namespace ServerlessCA.Server;

/// <summary>The server has no certificate to serve TLS with. The message names the file or the host name, and says what
/// was wrong.</summary>
public sealed class TlsUnusableException(string message, Exception? cause = null) : Exception(message, cause);
