using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServerlessCA.Cli;

/// <summary>Hides the memory of this process, which holds keys and tokens, from other processes of its user.</summary>
internal static partial class ProcessMemory
{
    private const int SetDumpable = 4; // PR_SET_DUMPABLE of prctl(2)

    // The runtime's diagnostic port and the pipes of its debugger: https://learn.microsoft.com/dotnet/core/diagnostics/diagnostic-port.
    private static readonly string[] Diagnostics = ["dotnet-diagnostic", "clr-debug-pipe"];

    /// <summary>Asks the kernel to write no core dump of this process, and to let no other process of its user trace it or
    /// read its memory and variables, and lets none ask the runtime for them. Root still may, and programs that this one starts
    /// are as they were. Does nothing but on Linux; where the kernel refuses, all stays as it was.</summary>
    public static void Hide()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Control(SetDumpable, 0, 0, 0, 0);
            if (RuntimeFeature.IsDynamicCodeSupported) // programs that were compiled for one system have no diagnostics
            {
                CloseDiagnostics();
            }
        }
    }

    // To whoever connects there as the same user the runtime hands out the variables of the process, loads code, and lets it be debugged.
    // Nobody finds what has no name; the other way to switch them off is a variable that is set before the start.
    private static void CloseDiagnostics()
    {
        try
        {
            foreach (string file in Diagnostics.SelectMany(kind => Directory.EnumerateFiles(Path.GetTempPath(), $"{kind}-{Environment.ProcessId}-*")))
            {
                File.Delete(file);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // There is no such folder, or it is somebody else's: then the runtime has made nothing there either.
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int option, nuint value, nuint third, nuint fourth, nuint fifth);
}
