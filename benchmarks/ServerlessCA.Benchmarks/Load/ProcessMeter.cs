using System.Globalization;
using System.Runtime.InteropServices;

namespace ServerlessCA.Benchmarks.Load;

/// <summary>Processor time and memory of a running process, as proc(5) has them.</summary>
/// <param name="id">Its number.</param>
internal sealed partial class ProcessMeter(int id)
{
    private const double Ticks = 100; // a second, on every Linux that .NET runs on
    private const int OfChildren = -1; // RUSAGE_CHILDREN

    private readonly string folder = $"/proc/{id.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Processor time of those children of this process that have ended and were waited for: getrusage(2), to the microsecond.</summary>
    public static TimeSpan Children
    {
        get
        {
            long[] usage = new long[18]; // seconds and microseconds of user time, of system time, and fourteen other numbers
            return GetUsage(OfChildren, usage) == 0
                ? TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3])
                : throw new InvalidOperationException("the processor time of children cannot be read");
        }
    }

    /// <summary>Processor time of all threads, also of those that have ended.</summary>
    public TimeSpan Processor
    {
        get
        {
            string line = File.ReadAllText($"{folder}/stat");
            string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' '); // the name, in brackets, may have blanks
            return TimeSpan.FromSeconds(fields[11..13].Sum(text => long.Parse(text, CultureInfo.InvariantCulture)) / Ticks);
        }
    }

    /// <summary>Memory that it holds now, in bytes.</summary>
    public long Memory => Status("VmRSS:");

    /// <summary>The part of it that is not in files.</summary>
    public long Anonymous => Status("RssAnon:");

    /// <summary>The most that it ever held, in bytes.</summary>
    public long Peak => Status("VmHWM:");

    [LibraryImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetUsage(int who, [Out] long[] usage);

    private long Status(string name) => 1024 * long.Parse(
        File.ReadLines($"{folder}/status").Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
