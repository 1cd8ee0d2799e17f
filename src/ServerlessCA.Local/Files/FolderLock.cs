using System.Diagnostics;

namespace ServerlessCA.Local.Files;

/// <summary>Admits one writer at a time to a folder, across processes, by an exclusive lock on the file <c>.lock</c> in
/// it (flock on Unix, sharing on Windows). The system frees the lock when the process ends, even if it crashes. The
/// file stays: deleting it would let two writers lock two different files.</summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>The name of the lock file.</summary>
    public const string FileName = ".lock";

    private const int MaxMark = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly FileStream held;

    private FolderLock(FileStream held) => this.held = held;

    /// <summary>The default timeout for other processes (our decision: a write takes milliseconds).</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="IOException">Other processes held the lock until the timeout, or the lock file cannot be
    /// opened.</exception>
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

    /// <summary>What the last writer left in the lock file: nothing, or any few bytes. They are not flushed to the disk.</summary>
    public byte[] Mark
    {
        get
        {
            byte[] mark = new byte[Math.Min(held.Length, MaxMark)];
            held.Position = 0;
            held.ReadExactly(mark);
            return mark;
        }

        set
        {
            held.Position = 0;
            held.Write(value);
            held.SetLength(value.Length);
        }
    }

    /// <summary>Frees the lock.</summary>
    public void Dispose() => held.Dispose();
}

/// <summary>Distinguishes a file that another process has locked from one that cannot be opened for other
/// reasons.</summary>
public static class HeldFile
{
    // Error numbers of a lock that another process has: EWOULDBLOCK on Linux and on macOS, sharing violation on
    // Windows.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharing = unchecked((int)0x80070020);

    /// <summary>Says whether a file could not be opened because another process has locked it.</summary>
    public static bool IsCauseOf(IOException fault) => fault.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharing;
}
