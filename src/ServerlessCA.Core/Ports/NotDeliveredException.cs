namespace ServerlessCA.Core.Ports;

/// <summary>An event could not be delivered now. The message says where to and what to do.</summary>
public sealed class NotDeliveredException(string message, Exception? cause = null) : Exception(message, cause);
