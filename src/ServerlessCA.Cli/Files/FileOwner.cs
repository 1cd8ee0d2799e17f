using System.Runtime.InteropServices;

namespace ServerlessCA.Cli.Files;

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
