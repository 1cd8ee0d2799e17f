using System.Text.Json.Nodes;
using ServerlessCA.Core.Functions;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>Every call of AWS of every function goes wrong in every way, once: nothing is lost, doubled, or handed out
/// unrecorded, and the next run heals.</summary>
public sealed class FunctionFaultTests(AwsFixture aws)
{
    private const int MaxCalls = 60; // of one invocation; more would be a loop

    public static TheoryData<string> Cases => [.. FaultCases.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_function_that_fails_is_healed_by_its_next_run(string name) => EachCallAsync(
        name, [CallFault.Lost, CallFault.DoneButAnswerLost], attempts: 1, async (one, functions, input, fault) =>
        {
            JsonNode? first = null;
            try
            {
                first = await functions.RunAsync(one.Handler, input, fault, attempts: 1);
            }
            catch (Exception error) when (IsFault(error))
            {
                // The caller sees the function fail, and tries again.
            }

            return first;
        });

    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_fault_that_passes_is_not_noticed(string name) => EachCallAsync(
        name, [CallFault.DoneButAnswerLost, CallFault.Throttled], attempts: 4,
        (one, functions, input, fault) => functions.RunAsync(one.Handler, input, fault, attempts: 4));

    private async Task EachCallAsync(
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

    private static bool IsFault(Exception error) =>
        error is LedgerUnavailableException or FilesUnavailableException or CaKeyUnavailableException or StepFailedException;
}
