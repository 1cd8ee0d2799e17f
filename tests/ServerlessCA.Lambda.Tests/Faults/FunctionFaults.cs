using System.Text.Json.Nodes;
using ServerlessCA.Aws.Http;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>Every call of AWS of every function goes wrong in every way, once: nothing is lost, doubled, or handed out
/// unrecorded, and the next run heals. A class for each way, so that they run side by side.</summary>
public abstract class FunctionFaults(AwsFixture aws)
{
    private const int MaxCalls = 400; // of one invocation; more would be a loop
    private const int MaxAlike = 6; // of the calls of one operation, as those of the days and shards of reminders

    public static TheoryData<string> Cases => [.. FaultCases.All.Select(one => one.Name)];

    private protected async Task EachCallAsync(
        string name, CallFault[] faults, int attempts, Func<FaultCase, FaultyFunctions, JsonNode?, PlannedFault, Task<JsonNode?>> fail)
    {
        FaultCase one = FaultCases.All.Single(one => one.Name == name);
        IReadOnlyList<NamedCall> calls = await CallsAsync(one);
        Assert.InRange(calls.Count, 2, MaxCalls);
        foreach ((CallFault kind, NamedCall call) in faults.SelectMany(kind => Tried(calls).Select(call => (kind, call))))
        {
            await using EmulatedDeployment deployment = await aws.DeployServicesAsync();
            await using var functions = new FaultyFunctions(deployment);
            JsonNode? input = await one.PrepareAsync(functions);
            var fault = new PlannedFault(kind, call, deployment.Names.Project);

            JsonNode? first = await fail(one, functions, input, fault);
            Assert.True(fault.Happened, $"{one.Name}: without {call}");
            JsonNode? second = await functions.RunAsync(one.Handler, input);
            await CheckAsync(one, functions, first, second, $"{kind} of {call}, {attempts} attempts");
        }
    }

    // Every operation: all of its calls, or the first, the last and some in between, evenly.
    private static IEnumerable<NamedCall> Tried(IReadOnlyList<NamedCall> calls) =>
        calls.GroupBy(call => call.Operation).SelectMany(alike => Spread([.. alike]));

    private static IEnumerable<NamedCall> Spread(NamedCall[] alike) => alike.Length <= MaxAlike
        ? alike
        : Enumerable.Range(0, MaxAlike).Select(place => alike[place * (alike.Length - 1) / (MaxAlike - 1)]);

    // What the function calls when nothing goes wrong.
    private async Task<IReadOnlyList<NamedCall>> CallsAsync(FaultCase one)
    {
        await using EmulatedDeployment deployment = await aws.DeployServicesAsync();
        await using var functions = new FaultyFunctions(deployment);
        JsonNode? input = await one.PrepareAsync(functions);
        var nothing = new PlannedFault(CallFault.Lost, call: null, deployment.Names.Project);
        await functions.RunAsync(one.Handler, input, nothing);
        return nothing.Calls;
    }

    private static async Task CheckAsync(FaultCase one, FaultyFunctions functions, JsonNode? first, JsonNode? second, string where)
    {
        try
        {
            await one.CheckAsync(functions, first, second);
        }
        catch (Exception found)
        {
            throw new InvalidOperationException($"{one.Name}, {where}: {found.Message}", found);
        }
    }

    private protected static bool IsFault(Exception error) =>
        error is LedgerUnavailableException or FilesUnavailableException or CaKeyUnavailableException or StepFailedException
            or AwsCallException;
}
