using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServerlessCA.Local.Files;

/// <summary>Puts whole files in place: written beside, flushed, renamed, folder flushed. Whoever reads, and whenever
/// the process or the machine stops, there is the old file or the new one. Callers hold the <see cref="FolderLock"/>.</summary>
internal static class AtomicFile
{
    private const string TemporaryPattern = ".*.tmp*"; // the ledger's has -wal and -shm beside it

    // Our decision: long after any write that still runs, even on a slow network drive.
    private static readonly TimeSpan Leftover = TimeSpan.FromHours(1);

    /// <summary>Replaces the file, or makes it.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode mode) =>
        Place(path, content, mode, overwrite: true);

    /// <summary>Makes the file; false, with nothing changed, when there is one.</summary>
    public static bool Create(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        if (Access.Exists(path))
        {
            return false;
        }

        Place(path, content, mode, overwrite: false);
        return true;
    }

    /// <summary>A name beside <paramref name="path"/> that no store key and no other writer has.</summary>
    public static string TemporaryBeside(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetRandomFileName()}.tmp");

    /// <summary>Deletes what killed processes left behind, if it is old.</summary>
    public static void DeleteLeftovers(string folder, DateTimeOffset now)
    {
        foreach (string path in Directory.EnumerateFiles(folder, TemporaryPattern, AllFiles))
        {
            if (now - File.GetLastWriteTimeUtc(path) > Leftover)
            {
                File.Delete(path);
            }
        }
    }

    // The default options skip hidden files, which the temporary ones are.
    private static EnumerationOptions AllFiles => new() { AttributesToSkip = FileAttributes.None };

    private static void Place(string path, ReadOnlySpan<byte> content, UnixFileMode mode, bool overwrite)
    {
        string temporary = TemporaryBeside(path);
        try
        {
            using (var file = new FileStream(temporary, Access.Opening(FileMode.CreateNew, FileShare.None, mode)))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        catch
        {
            File.Delete(temporary); // no error when it is gone
            throw;
        }

        DurableFolder.Flush(Path.GetDirectoryName(path)!);
    }
}

/// <summary>Makes a folder's entries durable. A new or renamed file survives a power cut only when its folder was
/// flushed too (fsync(2): "explicit fsync() on a file descriptor for the directory is also needed").</summary>
public static partial class DurableFolder
{
    private const int ReadOnly = 0; // O_RDONLY, the same number on every Unix

    /// <summary>Makes a folder, and those above it, with this mode from the start, durably; an existing one is left
    /// alone.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Create(string folder, UnixFileMode mode)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(full))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(full);
        if (OperatingSystem.IsWindows() || parent is null)
        {
            Directory.CreateDirectory(full);
            return;
        }

        Create(parent, mode);
        Directory.CreateDirectory(full, mode);
        Flush(parent);
    }

    /// <summary>Flushes; on Windows nothing, since NTFS journals its entries and has no such call.</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, ReadOnly); // File.OpenHandle refuses folders
        if (descriptor < 0)
        {
            throw new IOException($"folder '{folder}' cannot be opened to flush it: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);
}
