using System.Runtime.InteropServices;

namespace ServerlessCA.Server.Limits;

/// <summary>Gives memory back that a crowd of callers made the server take. .NET keeps it until it collects again, and a
/// server that nobody calls any more never does.</summary>
/// <param name="places">Who is connected.</param>
internal sealed class MemoryRelease(ConnectionPlaces places)
{
    private const int Few = 10; // connections; our decision: no crowd
    private const long Much = 8 * 1024 * 1024; // bytes; our decision: what is worth a pause of a tenth of a second

    private const int Tries = 4; // our decision: pools let go of their buffers only some time after the last use

    private long usual = Environment.WorkingSet; // as it starts
    private int tried;

    /// <summary>Looks whether that is due.</summary>
    public Task LookAsync(CancellationToken cancellation)
    {
        usual = Math.Min(usual, Environment.WorkingSet);
        if (places.Count > Few || Environment.WorkingSet - usual <= Much)
        {
            tried = 0;
            return Task.CompletedTask;
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeHeap.Trim();
        if (++tried == Tries)
        {
            (usual, tried) = (Environment.WorkingSet, 0); // what is left now is in use
        }

        return Task.CompletedTask;
    }
}

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
