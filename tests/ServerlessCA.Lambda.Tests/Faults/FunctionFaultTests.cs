using System.Text.Json.Nodes;
using ServerlessCA.Aws.Http;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Ports;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>Makes every call of AWS of every function fail in every way, once: nothing is lost, doubled, or answered
/// unrecorded, and the next run repairs the rest. Of an invocation with more than 40 calls about 40 fail: of each operation all,
/// or the first, the last and some in between. There is a class for each way, so that they run in parallel.</summary>
public abstract class FunctionFaults(AwsFixture aws)
{
    private const int MaxCalls = 400; // of one invocation; more would be a loop
    private const int MaxTried = 40; // of one invocation; with more, most are alike, as those for the days and shards of reminders
    private const int MinAlike = 3; // of one operation: the first, the last and one in between

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

    // Chooses all calls. If there are too many, the operations with few calls come first, and what those leave is for the others.
    private static IEnumerable<NamedCall> Tried(IReadOnlyList<NamedCall> calls)
    {
        int left = MaxTried;
        NamedCall[][] operations = [.. calls.GroupBy(call => call.Operation).Select(alike => alike.ToArray()).OrderBy(alike => alike.Length)];
        for (int place = 0; place < operations.Length; place++)
        {
            NamedCall[] tried = calls.Count <= MaxTried
                ? operations[place]
                : [.. Spread(operations[place], Math.Max(MinAlike, left / (operations.Length - place)))];
            left -= tried.Length;
            foreach (NamedCall call in tried)
            {
                yield return call;
            }
        }
    }

    // Chooses all, or this many: the first, the last and some in between, evenly.
    private static IEnumerable<NamedCall> Spread(NamedCall[] alike, int most) => alike.Length <= most
        ? alike
        : Enumerable.Range(0, most).Select(place => alike[place * (alike.Length - 1) / (most - 1)]);

    // Returns the calls of the function when nothing fails.
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
            await Invariants.HistoryAsync(functions);
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

/// <summary>Makes a call fail for good: AWS never saw it, or carried it out and the answer was lost.</summary>
public sealed class FinalFaultTests(AwsFixture aws) : FunctionFaults(aws)
{
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
                // The caller sees the function fail, and retries.
            }

            return first;
        });
}

/// <summary>Loses the answer of a call that was carried out and is made again.</summary>
public sealed class LostAnswerTests(AwsFixture aws) : FunctionFaults(aws)
{
    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_call_that_is_made_again_does_nothing_twice(string name) => EachCallAsync(
        name, [CallFault.DoneButAnswerLost], attempts: 4,
        (one, functions, input, fault) => functions.RunAsync(one.Handler, input, fault, attempts: 4));
}

/// <summary>Lets AWS throttle a call once.</summary>
public sealed class ThrottlingTests(AwsFixture aws) : FunctionFaults(aws)
{
    [Theory]
    [MemberData(nameof(Cases))]
    public Task Throttling_is_not_noticed(string name) => EachCallAsync(
        name, [CallFault.Throttled], attempts: 4,
        (one, functions, input, fault) => functions.RunAsync(one.Handler, input, fault, attempts: 4));
}
