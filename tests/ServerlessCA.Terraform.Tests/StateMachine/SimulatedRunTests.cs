using System.Globalization;
using System.Text.Json;
using ServerlessCA.Emulators;

namespace ServerlessCA.Terraform.Tests.StateMachine;

/// <summary>Checks that no entry of a list is lost for want of capacity: a new account's Lambda runs 10 calls at once.
/// Retries and concurrency are read from the deployed definition.</summary>
public sealed class SimulatedRunTests
{
    private const int Seeds = 20;

    // The former retries of every task.
    private const string Former = """
        [{"ErrorEquals": ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"],
          "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 6}]
        """;

    [Theory]
    [InlineData(200)]
    [InlineData(1000)]
    public async Task Ten_at_once_issue_every_entry_of_a_long_list(int entries)
    {
        (RetryPolicy policy, int atOnce) = await DeployedAsync();

        AllIssued(entries, seed => new MapSimulation(seed) { Policy = policy, MaxConcurrency = atOnce, Entries = entries });
    }

    [Fact]
    public async Task Ten_at_once_are_enough_for_the_largest_max_concurrency_and_for_slow_calls()
    {
        (RetryPolicy policy, int atOnce) = await DeployedAsync(maxConcurrency: 1000);
        Assert.Equal(1000, atOnce);

        AllIssued(1000, seed => new MapSimulation(seed) { Policy = policy, MaxConcurrency = atOnce, Entries = 1000 });
        AllIssued(1000, seed => new MapSimulation(seed) { Policy = policy, MaxConcurrency = atOnce, Entries = 1000, Warm = 3, Cold = 6 });
    }

    [Fact]
    public async Task Two_minutes_without_the_ledger_lose_no_entry()
    {
        (RetryPolicy policy, int atOnce) = await DeployedAsync();

        AllIssued(1000, seed => new MapSimulation(seed) { Policy = policy, MaxConcurrency = atOnce, Entries = 1000, Outage = (5, 125) });
        AllIssued(1000, seed => new MapSimulation(seed) { Policy = policy, MaxConcurrency = atOnce, Entries = 1000, Outage = (5, 125), Quota = 1000 });
    }

    // It shows that the simulation distinguishes a bad policy from a good one.
    [Theory]
    [InlineData(200, 0.0)]
    [InlineData(1000, 0.0)]
    [InlineData(1000, 120.0)]
    public void The_former_policy_loses_entries_in_the_same_simulation(int entries, double outage)
    {
        using var former = JsonDocument.Parse(Former);
        var policy = RetryPolicy.Of(former.RootElement);

        MapSimulation.Figures figures = new MapSimulation(seed: 1)
        {
            Policy = policy, MaxConcurrency = 1000, Entries = entries, Outage = (5, 5 + outage),
        }.Run();

        TestContext.Current.TestOutputHelper?.WriteLine(figures.ToString());
        Assert.Equal(entries, figures.Issued + figures.Lost);
        Assert.True(figures.Lost > entries / 10, figures.ToString());
    }

    private static void AllIssued(int entries, Func<int, MapSimulation> simulation)
    {
        for (int seed = 1; seed <= Seeds; seed++)
        {
            MapSimulation.Figures figures = simulation(seed).Run();

            TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {figures}");
            Assert.True(figures.Issued == entries, $"seed {seed}: {figures}");
        }
    }

    private static async Task<(RetryPolicy Policy, int AtOnce)> DeployedAsync(int maxConcurrency = StateMachineDefinition.DefaultMaxConcurrency)
    {
        StateMachineDefinition.SkipUnlessRunnable();
        StateMachineDefinition definition = await StateMachineDefinition.RenderAsync(
            gitops: true, expiry: true, "acme", "dev", TestContext.Current.CancellationToken, maxConcurrency);
        JsonElement map = JsonElement.Parse(definition.Json).GetProperty("States").GetProperty("Issue certificates");
        JsonElement task = map.GetProperty("ItemProcessor").GetProperty("States").GetProperty("Issue certificate");
        return (RetryPolicy.Of(task.GetProperty("Retry")), map.GetProperty("MaxConcurrency").GetInt32());
    }
}

/// <summary>Simulates a distributed map over entries, each a call of one function, event by event on a clock of its
/// own. Lambda runs so many calls at once and refuses the others; a new process takes longer than a warm one.</summary>
internal sealed class MapSimulation
{
    private const double TurnedAway = 0.05; // seconds until a refusal; our estimate
    private const double Refused = 6; // seconds until a function gives up a table: four attempts with their pauses

    private readonly PriorityQueue<Action, (double At, int Number)> events = new();
    private readonly Random random;
    private double now;
    private int scheduled;
    private int running;
    private int warm;
    private int waiting;

    /// <summary>Prepares a simulation.</summary>
    /// <param name="seed">The seed of the random numbers: the same seed gives the same run.</param>
    public MapSimulation(int seed) => random = new Random(seed);

    /// <summary>The retry policy of each entry's state.</summary>
    public required RetryPolicy Policy { get; init; }

    /// <summary>The most entries that the map works on at once.</summary>
    public required int MaxConcurrency { get; init; }

    /// <summary>The number of entries.</summary>
    public required int Entries { get; init; }

    /// <summary>The calls that Lambda runs at once: a new account has 10 (AWS Lambda quotas).</summary>
    public int Quota { get; init; } = 10;

    /// <summary>The seconds that a call takes in a warm process.</summary>
    public double Warm { get; init; } = 0.3;

    /// <summary>The seconds that the first call of a process takes.</summary>
    public double Cold { get; init; } = 1.5;

    /// <summary>The seconds from and until which the ledger is unavailable.</summary>
    public (double From, double Until) Outage { get; init; }

    /// <summary>Runs all entries to their ends.</summary>
    public Figures Run()
    {
        var figures = new Figures();
        waiting = Entries;
        for (int slot = 0; slot < MaxConcurrency; slot++)
        {
            Next(figures);
        }

        while (events.TryDequeue(out Action? happens, out (double At, int Number) when))
        {
            now = when.At;
            happens();
        }

        return figures with { Seconds = now };
    }

    private void Next(Figures figures)
    {
        if (waiting-- > 0)
        {
            RetryPolicy.Tries tries = Policy.Begin();
            Call(tries, figures);
        }
    }

    private void Call(RetryPolicy.Tries tries, Figures figures)
    {
        figures.Calls++;
        if (running == Quota)
        {
            figures.Throttled++;
            In(TurnedAway, () => TryAgain("Lambda.TooManyRequestsException", tries, figures));
            return;
        }

        bool isUp = now < Outage.From || now >= Outage.Until;
        double takes = (warm > running ? Warm : Cold) + (isUp ? 0 : Refused);
        running++;
        warm = Math.Max(warm, running);
        In(takes, () =>
        {
            running--;
            if (isUp)
            {
                figures.Issued++;
                Next(figures);
            }
            else
            {
                TryAgain("LedgerUnavailableException", tries, figures);
            }
        });
    }

    private void TryAgain(string error, RetryPolicy.Tries tries, Figures figures)
    {
        if (tries.Wait(error, random.NextDouble()) is { } pause)
        {
            In(pause, () => Call(tries, figures));
        }
        else
        {
            figures.Lost++;
            Next(figures);
        }
    }

    private void In(double seconds, Action happens) => events.Enqueue(happens, (now + seconds, scheduled++));

    /// <summary>Holds the figures of a run.</summary>
    internal sealed record Figures
    {
        public int Issued { get; set; }

        public int Lost { get; set; }

        public int Calls { get; set; }

        public int Throttled { get; set; }

        public double Seconds { get; init; }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{Issued} issued, {Lost} lost, {Calls} calls, {Throttled} of them turned away, {Seconds:0} s");
    }
}
