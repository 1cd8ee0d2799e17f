namespace ServerlessCA.Core.Ports;

/// <summary>A CA key is damaged, locked or out of reach. The message names the key and what to do.</summary>
public sealed class CaKeyUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
