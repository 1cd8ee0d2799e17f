using System.Runtime.InteropServices;

namespace ServerlessCA.Cli;

/// <summary>Hides the memory of this process, which holds keys and tokens, from other processes of its user.</summary>
internal static partial class ProcessMemory
{
    private const int SetDumpable = 4; // PR_SET_DUMPABLE of prctl(2)

    /// <summary>Asks the kernel to write no core dump of this process, and to let no other process of its user trace it or
    /// read its memory and variables. Root still may, and programs that this one starts are as they were. Does nothing but
    /// on Linux; where the kernel refuses, all stays as it was.</summary>
    public static void Hide()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Control(SetDumpable, 0, 0, 0, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int option, nuint value, nuint third, nuint fourth, nuint fifth);
}
