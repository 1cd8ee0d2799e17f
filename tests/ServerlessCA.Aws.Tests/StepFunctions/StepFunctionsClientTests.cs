using System.Text.Json;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.StepFunctions;
using ServerlessCA.Aws.Tests.Support;
using Xunit;

namespace ServerlessCA.Aws.Tests.StepFunctions;

/// <summary>Uses answers of the Step Functions API reference.</summary>
public sealed class StepFunctionsClientTests : StubFixture
{
    private const string Machine = "arn:aws:states:eu-west-2:123456789012:stateMachine:serverless-ca-dev";
    private const string Run = "arn:aws:states:eu-west-2:123456789012:execution:serverless-ca-dev:run";

    private StepFunctionsClient Client => new(Http(AwsService.StepFunctions));

    [Fact]
    public async Task An_execution_is_started_with_name_and_input()
    {
        Stub.Reply($$"""{"executionArn":"{{Run}}","startDate":1772446830.25}""");

        Assert.Equal(Run, await Client.StartExecutionAsync(Machine, "run", """{"a":"é"}""", Cancellation));

        ServiceStub.Request request = Assert.Single(Stub.Requests);
        Assert.Equal(("AWSStepFunctions.StartExecution", "application/x-amz-json-1.0"), (request.Headers["X-Amz-Target"], request.Headers["Content-Type"]));
        using var body = JsonDocument.Parse(request.Body);
        Assert.Equal((Machine, "run", """{"a":"é"}"""),
            (body.RootElement.Text("stateMachineArn"), body.RootElement.Text("name"), body.RootElement.Text("input")));
    }

    [Theory]
    [InlineData("run", 2)]
    [InlineData(null, 1)]
    public async Task Only_a_named_execution_is_started_again_after_a_lost_answer(string? name, int starts)
    {
        Stub.Reply("{}").Reply($$"""{"executionArn":"{{Run}}"}""");
        Faults.LoseAnswer();

        await Record.ExceptionAsync(() => Client.StartExecutionAsync(Machine, name, "{}", Cancellation));

        Assert.Equal(starts, Stub.Requests.Count);
    }

    [Theory]
    [InlineData("RUNNING", true, false)]
    [InlineData("SUCCEEDED", false, true)]
    [InlineData("FAILED", false, false)]
    public async Task An_execution_is_described(string status, bool running, bool succeeded)
    {
        Stub.Reply($$"""{"executionArn":"{{Run}}","status":"{{status}}","startDate":1772446830.25,"output":"{}","error":"E","cause":"C"}""");

        Execution found = (await Client.DescribeExecutionAsync(Run, Cancellation))!;

        Assert.Equal((running, succeeded), (found.IsRunning, found.HasSucceeded));
        Assert.Equal((new DateTimeOffset(2026, 3, 2, 10, 20, 30, 250, TimeSpan.Zero), null), (found.Started, found.Stopped));
        Assert.Equal(("{}", "E", "C"), (found.Output, found.Error, found.Cause));
    }

    [Fact]
    public async Task A_map_run_is_counted_in_items()
    {
        Stub.Reply("""
            {"mapRunArn":"arn","executionArn":"arn","status":"RUNNING","startDate":1772446830.25,"maxConcurrency":1000,
             "itemCounts":{"pending":5,"running":3,"succeeded":20,"failed":4,"timedOut":2,"aborted":1,"total":35,"resultsWritten":0}}
            """);

        Assert.Equal(new MapRun("RUNNING", Total: 35, Succeeded: 20, Failed: 7), await Client.DescribeMapRunAsync("arn", Cancellation));
        Assert.Equal("AWSStepFunctions.DescribeMapRun", Assert.Single(Stub.Requests).Headers["X-Amz-Target"]);
    }

    [Fact]
    public async Task The_history_names_the_run_of_a_distributed_map()
    {
        Stub.Reply("""{"events":[{"id":9,"previousEventId":8,"type":"MapRunStarted","timestamp":1772446830.25,"mapRunStartedEventDetails":{"mapRunArn":"arn:run"}}]}""");

        ExecutionEvent happened = Assert.Single(await Client.GetExecutionHistoryAsync(Run, Cancellation).ToListAsync(Cancellation));

        Assert.Equal(("MapRunStarted", "arn:run"), (happened.Type, happened.MapRunArn));
    }

    [Fact]
    public async Task An_execution_that_is_not_there_is_null()
    {
        Stub.Reply("""{"__type":"com.amazonaws.swf.service.v2.model#ExecutionDoesNotExist","message":"no"}""", 400);

        Assert.Null(await Client.DescribeExecutionAsync(Run, Cancellation));
    }

    [Fact]
    public async Task Every_page_of_a_history_is_read()
    {
        Stub.Reply("""{"events":[{"id":1,"previousEventId":0,"timestamp":1772446830.25,"type":"ExecutionStarted"},{"id":2,"previousEventId":1,"timestamp":1772446831,"type":"TaskStateEntered","stateEnteredEventDetails":{"name":"root-ca-crl"}}],"nextToken":"more"}""")
            .Reply("""{"events":[{"id":3,"previousEventId":2,"timestamp":1772446832,"type":"TaskFailed","taskFailedEventDetails":{"error":"E","cause":"C","resourceType":"lambda"}}]}""");
        List<ExecutionEvent> events = [];

        await foreach (ExecutionEvent one in Client.GetExecutionHistoryAsync(Run, Cancellation))
        {
            events.Add(one);
        }

        Assert.Equal(["1 ExecutionStarted  ", "2 TaskStateEntered root-ca-crl ", "3 TaskFailed  E"],
            events.Select(one => $"{one.Id} {one.Type} {one.StateName} {one.Error}"));
        using var second = JsonDocument.Parse(Stub.Requests[1].Body);
        Assert.Equal("more", second.RootElement.Text("nextToken"));
    }

    [Fact]
    public async Task A_state_machine_is_found_by_its_name_on_any_page()
    {
        const string Page = """{"stateMachines":[{"name":"other","stateMachineArn":"o"}],"nextToken":"more"}""";
        Stub.Reply(Page).Reply($$"""{"stateMachines":[{"name":"serverless-ca-dev","stateMachineArn":"{{Machine}}"}]}""");

        Assert.Equal(new StateMachine("serverless-ca-dev", Machine), await Client.FindStateMachineAsync("serverless-ca-dev", Cancellation));

        Stub.Reply(Page).Reply("""{"stateMachines":[]}""");
        Assert.Null(await Client.FindStateMachineAsync("serverless-ca-dev", Cancellation));
    }
}
