using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>A call is done, its answer is lost, and it is made again.</summary>
public sealed class LostAnswerTests(AwsFixture aws) : FunctionFaults(aws)
{
    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_call_that_is_made_again_does_nothing_twice(string name) => EachCallAsync(
        name, [CallFault.DoneButAnswerLost], attempts: 4,
        (one, functions, input, fault) => functions.RunAsync(one.Handler, input, fault, attempts: 4));
}
