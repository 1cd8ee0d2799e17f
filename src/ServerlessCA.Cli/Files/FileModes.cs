using System.Runtime.InteropServices;

namespace ServerlessCA.Cli.Files;

/// <summary>Who may read what we write (our decision). Windows has no modes; there the folder's ACL counts.</summary>
internal static class FileModes
{
    /// <summary>0600: whatever holds a key.</summary>
    public const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0644: certificates and requests.</summary>
    public const UnixFileMode Open = Secret | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0700: folders that we make.</summary>
    public const UnixFileMode Folder = Secret | UnixFileMode.UserExecute;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Whether others may replace files in a folder.</summary>
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

/// <summary>Whose files are: what .NET does not tell. Only Linux answers; elsewhere nothing is known, and the system's
/// own rules count.</summary>
internal static partial class FileOwner
{
    private const int CurrentFolder = -100; // AT_FDCWD, fcntl.h
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW, fcntl.h
    private const uint WantOwner = 0x8; // STATX_UID, linux/stat.h
    private const int OwnerAt = 20; // offset of stx_uid in struct statx, the same everywhere
    private const int StatxOctets = 256;

    /// <summary>The user of this process; null when not known.</summary>
    public static uint? Own => OperatingSystem.IsLinux() ? EffectiveUser() : null;

    /// <summary>The user whom a file belongs to; null when there is none, or it is not known.</summary>
    public static uint? Of(string path)
    {
        byte[] status = new byte[StatxOctets];
        bool isKnown = OperatingSystem.IsLinux() && Statx(CurrentFolder, path, NoFollow, WantOwner, status) == 0;
        return isKnown ? MemoryMarshal.Read<uint>(status.AsSpan(OwnerAt)) : null;
    }

    /// <summary>Whether a file is there and belongs to somebody else.</summary>
    public static bool IsForeign(string path) => Of(path) is { } owner && owner != Own;

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
