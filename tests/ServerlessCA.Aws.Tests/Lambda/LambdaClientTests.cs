using System.Text;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.Lambda;
using ServerlessCA.Aws.Tests.Support;
using Xunit;

namespace ServerlessCA.Aws.Tests.Lambda;

/// <summary>Uses answers of the Lambda API reference.</summary>
public sealed class LambdaClientTests : StubFixture
{
    private const string Arn = "arn:aws:lambda:eu-west-2:123456789012:function:serverless-tls-cert-dev";

    private LambdaClient Client => new(Http(AwsService.Lambda));

    [Fact]
    public async Task A_function_answers_its_payload_and_the_end_of_its_log()
    {
        Stub.Reply("""{"Subject":"CN=é"}""", 200, ("X-Amz-Log-Result", Convert.ToBase64String("END Request"u8)));

        InvokeResult answer = await Client.InvokeAsync(Arn, """{"common_name":"é"}"""u8.ToArray(), new InvokeOptions { WithLog = true }, Cancellation);

        Assert.Equal("""{"Subject":"CN=é"}""", Encoding.UTF8.GetString(answer.Payload.Span));
        Assert.Equal((null, "END Request"), (answer.FunctionError, answer.LogTail));
        ServiceStub.Request request = Assert.Single(Stub.Requests);
        Assert.Equal(("POST", $"/2015-03-31/functions/{Uri.EscapeDataString(Arn)}/invocations"), (request.Method, request.Target));
        Assert.Equal(("RequestResponse", "Tail"), (request.Headers["X-Amz-Invocation-Type"], request.Headers["X-Amz-Log-Type"]));
        Assert.Equal("""{"common_name":"é"}""", request.Body);
    }

    [Fact]
    public async Task A_run_that_failed_is_an_answer()
    {
        Stub.Reply("""{"errorType":"Fault","errorMessage":"no"}""", 200, ("X-Amz-Function-Error", "Unhandled"));

        InvokeResult answer = await Client.InvokeAsync("f", "{}"u8.ToArray(), options: null, Cancellation);

        Assert.Equal(("Unhandled", null), (answer.FunctionError, answer.LogTail));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Only_what_is_repeatable_runs_again_after_a_lost_answer(bool isRepeatable, int runs)
    {
        Stub.Reply("1").Reply("2");
        Faults.LoseAnswer();

        await Record.ExceptionAsync(() =>
            Client.InvokeAsync("f", "{}"u8.ToArray(), new InvokeOptions { IsRepeatable = isRepeatable }, Cancellation));

        Assert.Equal(runs, Stub.Requests.Count);
    }

    [Fact]
    public async Task A_throttled_function_is_invoked_again()
    {
        Stub.Reply("""{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded"}""", 429, ("x-amzn-ErrorType", "TooManyRequestsException"))
            .Reply("""{"ok":true}""");

        await Client.InvokeAsync("f", "{}"u8.ToArray(), options: null, Cancellation);

        Assert.Equal(2, Stub.Requests.Count);
    }

    [Fact]
    public async Task A_configuration_is_read_with_its_variables()
    {
        Stub.Reply($$$$"""{"FunctionName":"f","FunctionArn":"{{{{Arn}}}}","Runtime":"provided.al2023","State":"Active","LastModified":"2026-03-02T10:20:30.000+0000","MemorySize":256,"Timeout":180,"Environment":{"Variables":{"PROJECT":"serverless"}}}""");

        DeployedFunction? found = await Client.GetConfigurationAsync("f", Cancellation);

        Assert.Equal(("f", Arn, "Active", 256L, 180L, "serverless"),
            (found!.Name, found.Arn, found.State, found.MemoryMegabytes, found.TimeoutSeconds, found.Environment["PROJECT"]));
        Assert.Equal("/2015-03-31/functions/f/configuration", Stub.Requests[0].Target);
    }

    [Fact]
    public async Task A_function_that_is_not_there_is_null()
    {
        Stub.Reply("""{"Type":"User","Message":"Function not found"}""", 404, ("x-amzn-ErrorType", "ResourceNotFoundException:http://internal.amazon.com/"));

        Assert.Null(await Client.GetConfigurationAsync("f", Cancellation));
    }

    [Fact]
    public async Task Every_page_of_functions_is_read()
    {
        Stub.Reply("""{"Functions":[{"FunctionName":"a","FunctionArn":"1"},{"FunctionName":"b","FunctionArn":"2"}],"NextMarker":"m+/="}""")
            .Reply("""{"Functions":[],"NextMarker":"n"}""")
            .Reply("""{"Functions":[{"FunctionName":"c","FunctionArn":"3"}],"NextMarker":null}""");
        List<string> names = [];

        await foreach (DeployedFunction one in Client.ListFunctionsAsync(Cancellation))
        {
            names.Add(one.Name);
        }

        Assert.Equal(["a", "b", "c"], names);
        Assert.Equal("/2015-03-31/functions/?MaxItems=50&Marker=m%2B%2F%3D", Stub.Requests[1].Target);
    }
}
