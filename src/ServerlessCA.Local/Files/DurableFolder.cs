using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServerlessCA.Local.Files;

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
