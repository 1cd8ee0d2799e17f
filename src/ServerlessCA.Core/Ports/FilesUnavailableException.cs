namespace ServerlessCA.Core.Ports;

/// <summary>A file store could not be read or written. The message names the file and what to do.
/// A failed publish left either the old or the new file, never a part of one.</summary>
public sealed class FilesUnavailableException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether what is there is none that can be read: too large, or not a regular file. Unlike a store out of
    /// reach it stays so until somebody replaces it.</summary>
    public bool IsUnfit { get; init; }
}
