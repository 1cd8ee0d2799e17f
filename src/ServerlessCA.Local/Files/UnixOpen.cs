using System.Runtime.InteropServices;

namespace ServerlessCA.Local.Files;

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
