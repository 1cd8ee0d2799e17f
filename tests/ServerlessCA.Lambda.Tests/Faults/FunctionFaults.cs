using System.Text.Json.Nodes;
using ServerlessCA.Core.Functions;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>Every call of AWS of every function goes wrong in every way, once: nothing is lost, doubled, or handed out
/// unrecorded, and the next run heals. A class for each way, so that they run side by side.</summary>
public abstract class FunctionFaults(AwsFixture aws)
{
    private const int MaxCalls = 60; // of one invocation; more would be a loop

    public static TheoryData<string> Cases => [.. FaultCases.All.Select(one => one.Name)];

    private protected async Task EachCallAsync(
        string name, CallFault[] faults, int attempts, Func<FaultCase, FaultyFunctions, JsonNode?, PlannedFault, Task<JsonNode?>> fail)
    {
        FaultCase one = FaultCases.All.Single(one => one.Name == name);
        foreach (CallFault kind in faults)
        {
            for (int nth = 1; ; nth++)
            {
                Assert.InRange(nth, 1, MaxCalls);
                var fault = new PlannedFault(kind, nth);
                await using EmulatedDeployment deployment = await aws.DeployServicesAsync();
                var functions = new FaultyFunctions(deployment);
                JsonNode? input = await one.PrepareAsync(functions);

                JsonNode? first = await fail(one, functions, input, fault);
                if (!fault.Happened)
                {
                    Assert.True(nth > 3, $"only {nth - 1} calls");
                    break;
                }

                JsonNode? second = await functions.RunAsync(one.Handler, input);
                await CheckAsync(one, functions, first, second, $"{kind} of call {nth}, {attempts} attempts");
            }
        }
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
        error is LedgerUnavailableException or FilesUnavailableException or CaKeyUnavailableException or StepFailedException;
}
