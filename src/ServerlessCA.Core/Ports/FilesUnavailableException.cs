namespace ServerlessCA.Core.Ports;

/// <summary>A file store could not be read or written. The message names the file and what to do.
/// A failed publish left either the old or the new file, never a part of one.</summary>
public sealed class FilesUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
