using System.Runtime.InteropServices;

namespace ServerlessCA.Cli.Files;

/// <summary>The modes of files and folders that we write (our decision). Windows has no modes; there the folder's ACL
/// decides.</summary>
internal static class FileModes
{
    /// <summary>The mode of files that hold a key: 0600.</summary>
    public const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The mode of certificates and CSRs: 0644.</summary>
    public const UnixFileMode Open = Secret | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The mode of folders that we make: 0700.</summary>
    public const UnixFileMode Folder = Secret | UnixFileMode.UserExecute;

    /// <summary>The mode of missing folders above those that we make: 0755, or less where the umask says so.</summary>
    public const UnixFileMode Parent = Open | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Says whether other users may replace files in a folder.</summary>
    public static bool IsOpenToWriters(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        UnixFileMode mode = File.GetUnixFileMode(folder);
        return (mode & OthersWrite) != 0 && !mode.HasFlag(UnixFileMode.StickyBit);
    }
}

/// <summary>Finds out who owns a file, which .NET does not offer. It works on Linux only; elsewhere the owner is unknown,
/// and the system's own rules decide.</summary>
internal static partial class FileOwner
{
    private const int CurrentFolder = -100; // AT_FDCWD, fcntl.h
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW, fcntl.h
    private const uint WantOwner = 0x8; // STATX_UID, linux/stat.h
    private const int OwnerAt = 20; // offset of stx_uid in struct statx, the same everywhere
    private const int StatxOctets = 256;

    /// <summary>The number of this process's user; null when it is not known.</summary>
    public static uint? Own => OperatingSystem.IsLinux() ? EffectiveUser() : null;

    /// <summary>Returns the number of the user who owns a file; null when there is no file or its owner is not
    /// known.</summary>
    public static uint? Of(string path)
    {
        byte[] status = new byte[StatxOctets];
        bool isKnown = OperatingSystem.IsLinux() && Statx(CurrentFolder, path, NoFollow, WantOwner, status) == 0;
        return isKnown ? MemoryMarshal.Read<uint>(status.AsSpan(OwnerAt)) : null;
    }

    /// <summary>Says whether a file exists and belongs to another user.</summary>
    public static bool IsForeign(string path) => Of(path) is { } owner && owner != Own;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
