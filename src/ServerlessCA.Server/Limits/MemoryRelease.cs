using System.Runtime.InteropServices;

namespace ServerlessCA.Server.Limits;

/// <summary>Returns the memory to the system that many callers at once made the server take. .NET holds it until the
/// next collection, and a server without calls never collects.</summary>
/// <param name="places">Counts the connections.</param>
internal sealed class MemoryRelease(ConnectionPlaces places)
{
    private const int Few = 10; // connections; our decision: a quiet server
    private const long Much = 8 * 1024 * 1024; // bytes; our decision: worth a pause of a tenth of a second

    private const int Tries = 4; // our decision: pools release their buffers only some time after the last use

    private long usual = Environment.WorkingSet; // at the start
    private int tried;

    /// <summary>Checks whether memory should be returned, and returns it.</summary>
    public Task ReleaseAsync(CancellationToken cancellation)
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
            (usual, tried) = (Environment.WorkingSet, 0); // the rest is in use
        }

        return Task.CompletedTask;
    }
}

/// <summary>Trims the heap of the C library, in which OpenSSL stores its connections.</summary>
internal static partial class NativeHeap
{
    private static bool isKnown = OperatingSystem.IsLinux();

    /// <summary>Returns unused pages to the system: glibc does that of itself only at the end of a heap. Other C
    /// libraries have no such call, and need none.</summary>
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
