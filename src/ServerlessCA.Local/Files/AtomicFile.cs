using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServerlessCA.Local.Files;

/// <summary>Replaces files as a whole: the new content is written beside, flushed and renamed, then the folder is
/// flushed. A reader sees the old file or the new one, even if the process or the machine stops. Callers hold the
/// <see cref="FolderLock"/>.</summary>
internal static class AtomicFile
{
    private const string TemporaryPattern = ".*.tmp*"; // the ledger's temporary file has -wal and -shm beside it

    // Our decision: longer than any write takes, even on a slow network drive.
    private static readonly TimeSpan Leftover = TimeSpan.FromHours(1);

    /// <summary>Replaces the file, or creates it.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode mode) =>
        Place(path, content, mode, overwrite: true);

    /// <summary>Creates the file. If there is one, changes nothing and returns false.</summary>
    public static bool Create(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        if (Access.Exists(path))
        {
            return false;
        }

        Place(path, content, mode, overwrite: false);
        return true;
    }

    /// <summary>Creates several files of one folder, which is flushed once. If one cannot be written, others may be there.</summary>
    public static void CreateAll(string folder, IReadOnlyList<(string Name, byte[] Content)> files, UnixFileMode mode)
    {
        foreach ((string name, byte[] content) in files)
        {
            Put(Path.Combine(folder, name), content, mode, overwrite: false);
        }

        DurableFolder.Flush(folder);
    }

    /// <summary>Returns a name beside <paramref name="path"/> that no store key and no other writer has.</summary>
    public static string TemporaryBeside(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetRandomFileName()}.tmp");

    /// <summary>Deletes what killed processes left behind long ago.</summary>
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

    // The default options skip hidden files, and the temporary ones are hidden.
    private static EnumerationOptions AllFiles => new() { AttributesToSkip = FileAttributes.None };

    private static void Place(string path, ReadOnlySpan<byte> content, UnixFileMode mode, bool overwrite)
    {
        Put(path, content, mode, overwrite);
        DurableFolder.Flush(Path.GetDirectoryName(path)!);
    }

    private static void Put(string path, ReadOnlySpan<byte> content, UnixFileMode mode, bool overwrite)
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
    }
}

/// <summary>Makes a folder's entries durable. A new or renamed file survives a power cut only when its folder was
/// flushed too (fsync(2): "explicit fsync() on a file descriptor for the directory is also needed").</summary>
public static partial class DurableFolder
{
    private const int ReadOnly = 0; // O_RDONLY, the same number on every Unix

    /// <summary>Creates a folder, and those above it, with this mode from the start, durably. An existing one is left
    /// alone.</summary>
    /// <exception cref="IOException">The folder cannot be created.</exception>
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

    /// <summary>Flushes a folder. On Windows it does nothing, since NTFS journals its entries and has no such
    /// call.</summary>
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
