namespace ServerlessCA.Terraform.Tests.StateMachine;

/// <summary>What the Lambda service answers to an invocation.</summary>
internal sealed record StubAnswer(int Status, bool FunctionError, string Body)
{
    public static StubAnswer Success { get; } = new(200, false, """{"done": true}""");

    public static StubAnswer Refusal { get; } = new(200, false, """{"error": "Private key has already been used for a certificate"}""");

    public static StubAnswer Throttled { get; } = new(429, false, """{"Reason": "ConcurrentInvocationLimitExceeded"}""");

    /// <summary>The function ended with an error of this type.</summary>
    public static StubAnswer Fault(string type) => new(200, true, $$"""{"errorType": "{{type}}", "errorMessage": "for this test"}""");
}
