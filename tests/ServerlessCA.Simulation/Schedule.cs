using System.Globalization;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Pipeline;

namespace ServerlessCA.Simulation;

/// <summary>Runs one schedule: clients with faults, then recovery without, and checks what must hold.</summary>
internal static class Schedule
{
    /// <summary>Runs the schedule of a seed.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="keepsTrace">Whether every call is written down.</param>
    /// <param name="requested">A ledger whose requests meet faults one by one, empty; null: one in memory, whose calls do.</param>
    /// <returns>What happened; a failure says what does not hold, and how to see it again.</returns>
    public static ScheduleResult Run(int seed, bool keepsTrace = false, IRequestedLedger? requested = null)
    {
        var world = new World(seed, keepsTrace, requested);
        string? failure = null;
        int calls = 0;
        try
        {
            var clients = new Clients(world);
            if (world.Random.Next(4) > 0)
            {
                Create(world);
            }

            new Scheduler(world.Random, burst: world.Random.Next(4) * 30).Run(clients.Make());
            calls = world.Calls;
            Invariants.AtAnyTime(world.Look(clients));
            Recover(world, clients);
        }
        catch (Exception violation) when (violation is not OutOfMemoryException)
        {
            // Whatever else a client ends with is a finding, too: faults of ports have types of their own.
            failure = string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {(violation is ViolationException ? "" : violation.GetType().Name + ": ")}{violation.Message}\nreplay: eng/simulate {(requested is null ? "" : "dynamodb ")}--replay {seed}");
        }

        return new ScheduleResult(seed, failure, calls, world.Faults, world.Digest, world.Trace);
    }

    private static void Create(World world)
    {
        world.IsQuiet = true;
        Deployment ca = world.DeploymentOf("setup");
        new Scheduler(world.Random, burst: 100).Run([async () =>
        {
            await new CreateRootCa(ca).RunAsync(CancellationToken.None);
            await new CreateIssuingCa(ca).RunAsync(CancellationToken.None);
        }]);
        world.IsQuiet = false;
    }

    private static void Recover(World world, Clients clients)
    {
        world.IsQuiet = true;
        world.Clock.Heal();
        RunOnce(world);
        PipelineReport second = RunOnce(world); // it delivers what the first one's own steps left
        Watch.Expect(!second.Failed, "a run without faults failed: "
            + string.Join("; ", second.Steps.Select(step => step.Message).Concat(second.Entries.Select(entry => entry.Message))));
        Invariants.AtAnyTime(world.Look(clients));
        Invariants.AfterRecovery(world.Look(clients));
        string before = Invariants.StateOf(world.Look(clients));
        int received = world.Watch.Deliveries;
        RunOnce(world);
        Watch.Expect(before == Invariants.StateOf(world.Look(clients)) && received == world.Watch.Deliveries, "a run over an unchanged folder changed something");
    }

    private static PipelineReport RunOnce(World world)
    {
        PipelineReport? report = null;
        Deployment ca = world.DeploymentOf("recovery");
        new Scheduler(world.Random, burst: 100).Run([async () => report = await new RunPipeline(ca).RunAsync(CancellationToken.None)]);
        return report!;
    }
}

/// <summary>Says how a schedule ended.</summary>
/// <param name="Seed">Decides the schedule.</param>
/// <param name="Failure">What does not hold; null: everything does.</param>
/// <param name="Calls">How many calls of ports the clients made.</param>
/// <param name="Faults">How many of them met a fault.</param>
/// <param name="Digest">A digest of all calls in their order.</param>
/// <param name="Trace">All calls, for people.</param>
internal sealed record ScheduleResult(int Seed, string? Failure, int Calls, int Faults, ulong Digest, string Trace);
