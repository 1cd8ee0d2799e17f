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
