using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>AWS wants fewer calls for a moment.</summary>
public sealed class ThrottlingTests(AwsFixture aws) : FunctionFaults(aws)
{
    [Theory]
    [MemberData(nameof(Cases))]
    public Task Throttling_is_not_noticed(string name) => EachCallAsync(
        name, [CallFault.Throttled], attempts: 4,
        (one, functions, input, fault) => functions.RunAsync(one.Handler, input, fault, attempts: 4));
}
