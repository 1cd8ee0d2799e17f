namespace ServerlessCA.Local.Files;

/// <summary>Tells a file that another process holds from one that cannot be opened for other reasons.</summary>
public static class HeldFile
{
    // Error numbers of a lock that somebody else has: EWOULDBLOCK on Linux and on macOS, sharing violation on Windows.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharing = unchecked((int)0x80070020);

    /// <summary>Whether a file could not be opened because somebody else holds it.</summary>
    public static bool IsCauseOf(IOException fault) => fault.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharing;
}
