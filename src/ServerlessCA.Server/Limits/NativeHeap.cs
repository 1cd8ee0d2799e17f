using System.Runtime.InteropServices;

namespace ServerlessCA.Server.Limits;

/// <summary>The heap of the C library, in which OpenSSL keeps what it knows of connections.</summary>
internal static partial class NativeHeap
{
    private static bool isKnown = OperatingSystem.IsLinux();

    /// <summary>Gives pages back to the system that nothing is in any more: glibc does that of itself only at the end of a
    /// heap. Other C libraries have no such call, and need none.</summary>
    public static void Trim()
    {
        if (!isKnown)
        {
            return;
        }

        try
        {
            _ = Trim(0);
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or DllNotFoundException)
        {
            isKnown = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Trim(nuint pad);
}
