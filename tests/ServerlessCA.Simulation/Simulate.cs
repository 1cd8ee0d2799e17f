using System.Globalization;
using ServerlessCA.Simulation.DynamoDb;
using ServerlessCA.Simulation.Kills;

namespace ServerlessCA.Simulation;

/// <summary>Is the command <c>simulate</c>: runs schedules over a kind of store, or one of them again with every call.</summary>
internal static class Simulate
{
    private const int Shown = 10; // failures; our decision

    public static async Task<int> RunAsync(string[] options) => options switch
    {
        ["sqlite", "--replay", var seed] => await ReplayKillsAsync(NumberOf(seed)),
        ["sqlite", var count, "--from", var first] => await KillAsync(NumberOf(first), NumberOf(count)),
        ["sqlite", var count] => await KillAsync(1, NumberOf(count)),
        ["dynamodb", "--replay", var seed] => await ReplayDynamoDbAsync(NumberOf(seed)),
        ["dynamodb", var count, "--from", var first] => await DynamoDbAsync(NumberOf(first), NumberOf(count)),
        ["dynamodb", var count] => await DynamoDbAsync(1, NumberOf(count)),
        ["--replay", var seed] => Replay(Schedule.Run(NumberOf(seed), keepsTrace: true)),
        [var count, "--from", var first] => Many(NumberOf(first), NumberOf(count)),
        [var count] => Many(1, NumberOf(count)),
        _ => Usage(),
    };

    private static int NumberOf(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int Replay(ScheduleResult result)
    {
        Console.Write(result.Trace);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"digest {result.Digest:x16}"));
        Console.WriteLine(result.Failure ?? $"seed {result.Seed}: everything holds");
        return result.Failure is null ? 0 : 1;
    }

    private static int Many(int first, int count)
    {
        var sum = new Sum();
        Parallel.ForEach(Enumerable.Range(first, count), (seed, all) =>
        {
            if (!sum.Add(Schedule.Run(seed)))
            {
                all.Stop(); // as many failures are shown as anybody reads
            }
        });
        return sum.Report();
    }

    private static async Task<int> DynamoDbAsync(int first, int count)
    {
        var sum = new Sum();
        for (int seed = first; seed < first + count; seed++)
        {
            using DynamoDbStore store = await DynamoDbStore.CreateAsync();
            sum.Add(Schedule.Run(seed, keepsTrace: false, store));
        }

        return sum.Report();
    }

    private static async Task<int> ReplayDynamoDbAsync(int seed)
    {
        using DynamoDbStore store = await DynamoDbStore.CreateAsync();
        return Replay(Schedule.Run(seed, keepsTrace: true, store));
    }

    private static async Task<int> KillAsync(int first, int count)
    {
        var sum = new KillSum();
        for (int seed = first; seed < first + count; seed++)
        {
            sum.Add(await KillSchedule.RunAsync(seed));
        }

        Console.WriteLine(sum);
        return sum.Failed == 0 ? 0 : 1;
    }

    private static async Task<int> ReplayKillsAsync(int seed)
    {
        KillResult result = await KillSchedule.RunAsync(seed);
        foreach ((KilledWorker worker, int number) in result.Workers.Select((worker, index) => (worker, index + 1)))
        {
            foreach (string[] line in worker.Lines)
            {
                Console.WriteLine($"worker {number}: {string.Join(' ', line.Where(word => word.Length < 60))}");
            }

            Console.WriteLine($"worker {number}: {(worker.WasKilled ? "killed" : "ended by itself")} {worker.Errors}");
        }

        Console.WriteLine(result.Failure ?? $"seed {seed}: everything holds");
        return result.Failure is null ? 0 : 1;
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: eng/simulate [sqlite|dynamodb] COUNT [--from SEED] | [sqlite|dynamodb] --replay SEED");
        return 2;
    }

    private sealed class Sum
    {
        private int schedules;
        private int failed;
        private long calls;
        private long faults;

        /// <summary>Adds a schedule.</summary>
        /// <returns>False when enough have failed.</returns>
        public bool Add(ScheduleResult result)
        {
            Interlocked.Increment(ref schedules);
            Interlocked.Add(ref calls, result.Calls);
            Interlocked.Add(ref faults, result.Faults);
            if (result.Failure is { } failure && Interlocked.Increment(ref failed) <= Shown)
            {
                Console.WriteLine(failure);
            }

            return failed < Shown;
        }

        public int Report()
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{schedules} schedules, {calls} calls, {faults} faults, {failed} failed"));
            return failed == 0 ? 0 : 1;
        }
    }
}
