using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServerlessCA.Local.Files;

/// <summary>Opens regular files and nothing else. Opening a pipe would block until somebody writes to it, and a device
/// may do anything. A look before opening would not help, as the file may be exchanged in between. So the file is
/// opened in a way that never waits (<c>O_NONBLOCK</c>), then the type of the open file is checked.</summary>
public static partial class RegularFile
{
    private const int Interrupted = 4; // EINTR
    private const int NoEntry = 2; // ENOENT
    private const int NoFolder = 20; // ENOTDIR
    private const int NotPermitted = 1; // EPERM
    private const int AccessDenied = 13; // EACCES
    private const int NoDevice = 6; // ENXIO: a socket, or a device without a driver

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="followLink">Whether the last part may be a symbolic link; the parts before it always may.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="NotRegularException">It is not a regular file.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
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

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The limit of the file's length.</param>
    /// <param name="followLink">Whether the file may be a symbolic link.</param>
    /// <returns>Null if the file is longer than the limit.</returns>
    /// <exception cref="IOException">The same as of <see cref="Open"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
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

/// <summary>Reports that there is something else where a regular file should be.</summary>
/// <param name="kind">For instance <c>a pipe</c>.</param>
public sealed class NotRegularException(string kind) : IOException($"it is {kind}, only regular files are read")
{
    // st_mode of stat(2), the same numbers on every Unix.
    private const int TypeMask = 0xF000;
    private const int Pipe = 0x1000;
    private const int CharacterDevice = 0x2000;
    private const int Folder = 0x4000;
    private const int BlockDevice = 0x6000;
    private const int Regular = 0x8000;
    private const int Socket = 0xC000;

    /// <summary>Throws unless a mode is that of a regular file.</summary>
    /// <exception cref="NotRegularException">The file is not regular.</exception>
    internal static void ThrowUnlessRegular(int mode)
    {
        string? kind = (mode & TypeMask) switch
        {
            Regular => null,
            Pipe => "a pipe",
            CharacterDevice or BlockDevice => "a device",
            Folder => "a folder",
            Socket => "a socket",
            _ => "something unknown",
        };
        if (kind is not null)
        {
            throw new NotRegularException(kind);
        }
    }
}

/// <summary>Holds the numbers and calls for opening files in which the Unixes differ: Linux on x64 and arm64, and
/// macOS.</summary>
internal static unsafe partial class UnixOpen
{
    private const string OldMacEntry = "fstat$INODE64"; // the one with 64-bit inodes on Intel
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH: the descriptor itself
    private const uint WantType = 1; // STATX_TYPE
    private const int LinuxModeAt = 28; // in struct statx, the same on every processor (statx(2))
    private const int MacModeAt = 4; // in struct stat with 64-bit inodes (sys/stat.h)
    private const int Room = 512; // bytes: twice what either structure takes

    private static readonly bool IsMac = OperatingSystem.IsMacOS();
    private static readonly bool IsIntel = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>The flags O_RDONLY, O_NONBLOCK, O_NOCTTY and O_CLOEXEC.</summary>
    public static int ForReading => IsMac ? 0x4 | 0x20000 | 0x1000000 : 0x800 | 0x100 | 0x80000;

    /// <summary>The flag O_NOFOLLOW.</summary>
    public static int NoFollow => IsMac ? 0x100 : IsIntel ? 0x20000 : 0x8000;

    /// <summary>The error number ELOOP.</summary>
    public static int TooManyLinks => IsMac ? 62 : 40;

    /// <summary>Returns the mode of an open file, with its type.</summary>
    /// <exception cref="IOException">The system does not report it.</exception>
    public static int ModeOf(int descriptor)
    {
        byte* about = stackalloc byte[Room];
        int result = !IsMac ? StatX(descriptor, "", EmptyPath, WantType, about)
            : IsIntel ? OldMacStat(descriptor, about)
            : Stat(descriptor, about);
        return result == 0
            ? *(ushort*)(about + (IsMac ? MacModeAt : LinuxModeAt))
            : throw new IOException($"what kind of file it is cannot be told: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int folder, string path, int flags, uint wanted, byte* about);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Stat(int descriptor, byte* about);

    [LibraryImport("libc", EntryPoint = OldMacEntry, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OldMacStat(int descriptor, byte* about);
}
