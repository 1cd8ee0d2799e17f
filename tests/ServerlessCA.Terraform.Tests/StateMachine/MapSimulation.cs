using System.Globalization;

namespace ServerlessCA.Terraform.Tests.StateMachine;

/// <summary>A distributed map over entries, each a call of one function, event by event on a clock of its own. Lambda runs so
/// many calls at once and turns the others away; a process that is new takes longer than one that is warm.</summary>
internal sealed class MapSimulation
{
    private const double TurnedAway = 0.05; // seconds until a call is; our estimate
    private const double Refused = 6; // seconds until a function gives up a table: four attempts with their pauses

    private readonly PriorityQueue<Action, (double At, int Number)> events = new();
    private readonly Random random;
    private double now;
    private int scheduled;
    private int running;
    private int warm;
    private int waiting;

    /// <summary>Prepares one.</summary>
    /// <param name="seed">Of its chances: the same seed gives the same run.</param>
    public MapSimulation(int seed) => random = new Random(seed);

    /// <summary>What each entry's state tries again.</summary>
    public required RetryPolicy Policy { get; init; }

    /// <summary>Entries that the map has at work at once.</summary>
    public required int MaxConcurrency { get; init; }

    /// <summary>Entries.</summary>
    public required int Entries { get; init; }

    /// <summary>Calls that Lambda runs at once: a new account has 10 (AWS Lambda quotas).</summary>
    public int Quota { get; init; } = 10;

    /// <summary>Seconds that a call takes in a process that is there.</summary>
    public double Warm { get; init; } = 0.3;

    /// <summary>Seconds that the first call of a process takes.</summary>
    public double Cold { get; init; } = 1.5;

    /// <summary>Seconds from and until which the ledger cannot be reached.</summary>
    public (double From, double Until) Outage { get; init; }

    /// <summary>Lets all entries run to their ends.</summary>
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

    /// <summary>How it went.</summary>
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
