using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServerlessCA.Local.Files;

/// <summary>Opens regular files and nothing else. A pipe would hold up whoever opens it until somebody writes, and a
/// device may do anything; a look before opening would not help, as the file may be exchanged in between. So it is
/// opened in a way that never waits (<c>O_NONBLOCK</c>), then the open file itself is asked what it is.</summary>
public static partial class RegularFile
{
    private const int Interrupted = 4; // EINTR
    private const int NoEntry = 2; // ENOENT
    private const int NoFolder = 20; // ENOTDIR
    private const int NotPermitted = 1; // EPERM
    private const int AccessDenied = 13; // EACCES
    private const int NoDevice = 6; // ENXIO: a socket, or a device without a driver

    /// <summary>Opens one for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followLink">Whether the last part may be a symbolic link; those before it may always.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    /// <exception cref="NotRegularException">There is something else.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static FileStream Open(string path, bool followLink)
    {
        if (OperatingSystem.IsWindows())
        {
            return Directory.Exists(path) ? throw new NotRegularException("a folder")
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }

        int descriptor;
        do
        {
            descriptor = OpenCall(path, UnixOpen.ForReading | (followLink ? 0 : UnixOpen.NoFollow));
        }
        while (descriptor < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        if (descriptor < 0)
        {
            throw Fault(path, Marshal.GetLastPInvokeError());
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            NotRegularException.ThrowUnlessRegular(UnixOpen.ModeOf(descriptor));
            return new FileStream(handle, FileAccess.Read, bufferSize: 0);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads one whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">More is refused.</param>
    /// <param name="followLink">Whether it may be a symbolic link.</param>
    /// <returns>Null when it has more.</returns>
    /// <exception cref="IOException">As <see cref="Open"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static byte[]? ReadAllBytes(string path, int maxBytes, bool followLink = true)
    {
        using FileStream file = Open(path, followLink);
        long length = file.Length;
        if (length > maxBytes)
        {
            return null;
        }

        byte[] content = new byte[length];
        file.ReadExactly(content);
        return content;
    }

    private static Exception Fault(string path, int error) => error switch
    {
        NoEntry => new FileNotFoundException($"there is no file '{path}'", path),
        NoFolder => new DirectoryNotFoundException($"there is no file '{path}'"),
        NotPermitted or AccessDenied => new UnauthorizedAccessException($"access to '{path}' is denied"),
        NoDevice => new NotRegularException("a socket or a device"),
        _ when error == UnixOpen.TooManyLinks => new IOException("it is a symbolic link that was put there just now, or links lead in a circle"),
        _ => new IOException(Marshal.GetPInvokeErrorMessage(error)),
    };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenCall(string path, int flags);
}
