using System.Diagnostics;
using ServerlessCA.Local.Files;

namespace ServerlessCA.Cli.Files;

/// <summary>Lets one command at a time write to a folder that people look at. It locks a file there, which is deleted
/// afterwards.</summary>
internal sealed class OutputFolderLock : IDisposable
{
    private const string FileName = ".serverless-ca.lock";
    private const int WaitMilliseconds = 10; // our decision: a few renames take less
    private const int MaxWaits = 1000; // ten seconds in all, our decision

    private readonly FileStream held;
    private readonly string path;

    private OutputFolderLock(FileStream held, string path)
    {
        this.held = held;
        this.path = path;
    }

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="IOException">Other commands held it all the time, or the file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static OutputFolderLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        for (int wait = 0; ; wait++)
        {
            try
            {
                var file = new FileStream(path, Options());
                if (IsThere(file, path))
                {
                    return new OutputFolderLock(file, path);
                }

                file.Dispose();
                if (wait >= MaxWaits)
                {
                    throw new IOException($"'{path}' is replaced again and again");
                }

                Thread.Sleep(WaitMilliseconds);
            }
            catch (IOException fault) when (wait < MaxWaits && HeldFile.IsCauseOf(fault))
            {
                Thread.Sleep(WaitMilliseconds);
            }
            catch (UnauthorizedAccessException) when (wait < MaxWaits && OperatingSystem.IsWindows())
            {
                Thread.Sleep(WaitMilliseconds); // the file is being deleted
            }
        }
    }

    /// <summary>Deletes the file while nobody else can lock it, then releases it.</summary>
    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        held.Dispose();
    }

    // The previous holder may have deleted the file between our opening and our locking it: then another file may be there,
    // locked by another command. To find out we give the file a time that nobody else gives. Windows deletes no file that is
    // open.
    private static bool IsThere(FileStream file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        long ours = (Stopwatch.GetTimestamp() ^ ((long)Environment.ProcessId << 32)) & long.MaxValue;
        File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UnixEpoch.AddTicks(ours % TimeSpan.FromDays(10_000).Ticks));
        return File.Exists(path) && File.GetLastWriteTimeUtc(path) == File.GetLastWriteTimeUtc(file.SafeFileHandle);
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (OperatingSystem.IsWindows())
        {
            options.Options = FileOptions.DeleteOnClose;
        }
        else
        {
            options.UnixCreateMode = FileModes.Secret;
        }

        return options;
    }
}
