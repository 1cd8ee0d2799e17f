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

/// <summary>Where a file should be there is something else.</summary>
/// <param name="kind">Such as <c>a pipe</c>.</param>
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

    /// <summary>Returns if a mode is that of a regular file.</summary>
    /// <exception cref="NotRegularException">It is not.</exception>
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

/// <summary>Numbers and calls of opening files in which the Unixes differ: Linux on x64 and arm64, and macOS.</summary>
internal static unsafe partial class UnixOpen
{
    private const string OldMacEntry = "fstat$INODE64"; // the one with 64-bit inodes on Intel
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH: of the descriptor itself
    private const uint WantType = 1; // STATX_TYPE
    private const int LinuxModeAt = 28; // of struct statx, the same on every processor (statx(2))
    private const int MacModeAt = 4; // of struct stat with 64-bit inodes (sys/stat.h)
    private const int Room = 512; // bytes: twice what either structure takes

    private static readonly bool IsMac = OperatingSystem.IsMacOS();
    private static readonly bool IsIntel = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>O_RDONLY, O_NONBLOCK, O_NOCTTY and O_CLOEXEC.</summary>
    public static int ForReading => IsMac ? 0x4 | 0x20000 | 0x1000000 : 0x800 | 0x100 | 0x80000;

    /// <summary>O_NOFOLLOW.</summary>
    public static int NoFollow => IsMac ? 0x100 : IsIntel ? 0x20000 : 0x8000;

    /// <summary>ELOOP.</summary>
    public static int TooManyLinks => IsMac ? 62 : 40;

    /// <summary>The mode of an open file, with its type.</summary>
    /// <exception cref="IOException">The system does not say.</exception>
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
