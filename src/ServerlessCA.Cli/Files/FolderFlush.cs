using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServerlessCA.Cli.Files;

/// <summary>Makes new and renamed entries of a folder durable: a file survives a power cut only when its folder was
/// flushed too (fsync(2)).</summary>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0; // O_RDONLY, the same number on every Unix

    /// <summary>Flushes; on Windows nothing, since NTFS journals its entries and has no such call.</summary>
    /// <exception cref="IOException">The folder cannot be opened or flushed.</exception>
    public static void Of(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = OpenFolder(folder, ReadOnly); // File.OpenHandle refuses folders
        if (descriptor < 0)
        {
            throw new IOException($"folder '{folder}' cannot be flushed: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFolder(string path, int flags);
}
