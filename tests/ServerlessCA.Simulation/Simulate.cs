using System.Globalization;

namespace ServerlessCA.Simulation;

/// <summary>Is the command <c>simulate</c>: runs schedules, or one of them again with every call.</summary>
internal static class Simulate
{
    public static int Run(string[] options) => options switch
    {
        ["--replay", var seed] => Replay(int.Parse(seed, CultureInfo.InvariantCulture)),
        [var count] => Many(1, int.Parse(count, CultureInfo.InvariantCulture)),
        [var count, "--from", var first] => Many(int.Parse(first, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture)),
        _ => Usage(),
    };

    private static int Replay(int seed)
    {
        ScheduleResult result = Schedule.Run(seed, keepsTrace: true);
        Console.Write(result.Trace);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"digest {result.Digest:x16}"));
        Console.WriteLine(result.Failure ?? $"seed {seed}: everything holds");
        return result.Failure is null ? 0 : 1;
    }

    private static int Many(int first, int count)
    {
        const int Shown = 10; // failures; our decision
        int failed = 0;
        long calls = 0;
        long faults = 0;
        Parallel.ForEach(Enumerable.Range(first, count), seed =>
        {
            ScheduleResult result = Schedule.Run(seed);
            Interlocked.Add(ref calls, result.Calls);
            Interlocked.Add(ref faults, result.Faults);
            if (result.Failure is { } failure && Interlocked.Increment(ref failed) <= Shown)
            {
                Console.WriteLine(failure);
            }
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} schedules, {calls} calls, {faults} faults, {failed} failed"));
        return failed == 0 ? 0 : 1;
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: eng/simulate COUNT [--from SEED] | --replay SEED");
        return 2;
    }
}
