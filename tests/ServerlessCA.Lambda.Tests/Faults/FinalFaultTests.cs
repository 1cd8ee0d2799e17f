using System.Text.Json.Nodes;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>A call fails for good: AWS never saw it, or did it and the answer was lost.</summary>
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
                // The caller sees the function fail, and tries again.
            }

            return first;
        });
}
