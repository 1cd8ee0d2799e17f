using System.Diagnostics;

namespace ServerlessCA.Local.Files;

/// <summary>One writer at a time in a folder, across processes: an exclusive lock on the file <c>.lock</c> in it
/// (flock on Unix, sharing on Windows). The system frees it when the process ends, however it ends. The file stays:
/// deleting it would let two writers lock two different files.</summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>The file's name.</summary>
    public const string FileName = ".lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly FileStream held;

    private FolderLock(FileStream held) => this.held = held;

    /// <summary>How long to wait for others by default (our decision: a write takes milliseconds).</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="IOException">Others held it all the time, or the lock file cannot be opened.</exception>
    public static async Task<FolderLock> TakeAsync(string folder, TimeSpan timeout, CancellationToken cancellation)
    {
        string path = Path.Combine(folder, FileName);
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FolderLock(new FileStream(
                    path, Access.Opening(FileMode.OpenOrCreate, FileShare.None, Access.OwnerFile)));
            }
            catch (IOException held) when (HeldFile.IsCauseOf(held) && Stopwatch.GetElapsedTime(start) < timeout)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>Frees the lock.</summary>
    public void Dispose() => held.Dispose();
}

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
