using System.Globalization;

namespace ServerlessCA.Benchmarks.Load;

/// <summary>Processor time and memory of a running process, as proc(5) has them.</summary>
/// <param name="id">Its number.</param>
internal sealed class ProcessMeter(int id)
{
    private const double Ticks = 100; // a second, on every Linux that .NET runs on

    private readonly string folder = $"/proc/{id.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Processor time of those children of this process that have ended and were waited for.</summary>
    public static TimeSpan Children => Time("/proc/self", 13);

    /// <summary>Processor time of all threads, also of those that have ended.</summary>
    public TimeSpan Processor => Time(folder, 11);

    /// <summary>Memory that it holds now, in bytes.</summary>
    public long Memory => Status("VmRSS:");

    /// <summary>The part of it that is not in files.</summary>
    public long Anonymous => Status("RssAnon:");

    /// <summary>The most that it ever held, in bytes.</summary>
    public long Peak => Status("VmHWM:");

    // Two fields behind the name, which is in brackets: user and system.
    private static TimeSpan Time(string folder, int field)
    {
        string line = File.ReadAllText($"{folder}/stat");
        string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds(fields.Skip(field).Take(2).Sum(text => long.Parse(text, CultureInfo.InvariantCulture)) / Ticks);
    }

    private long Status(string name) => 1024 * long.Parse(
        File.ReadLines($"{folder}/status").Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
