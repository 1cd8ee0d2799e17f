using System.Globalization;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.StepFunctions;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>Runs the pipeline of a CA on AWS: its state machine.</summary>
/// <param name="ca">Which CA.</param>
/// <param name="clock">Names the execution, and waits.</param>
/// <param name="random">Tells it from others of the same second.</param>
internal sealed class CloudPipeline(CloudCa ca, TimeProvider clock, ISerialSource random)
{
    private const string NoInput = "{}"; // the machine reads none

    /// <summary>Starts it and returns when it has ended.</summary>
    /// <exception cref="Authorities.AuthorityFault">There is no such state machine, or it may not be started.</exception>
    /// <exception cref="CommandFault">It was started and cannot be watched.</exception>
    public async Task<FollowedExecution> RunAsync(ExecutionProgress progress, CancellationToken cancellation)
    {
        using SignedHttp http = ca.Session.Http(AwsService.StepFunctions);
        var client = new StepFunctionsClient(http);
        string arn = await StartAsync(client, cancellation);
        progress.Started(arn);
        try
        {
            return await new ExecutionFollower(client, clock, progress).FollowAsync(arn, cancellation);
        }
        catch (OperationCanceledException fault)
        {
            throw CommandFault.Fault("stopped watching; the pipeline goes on", HowToLook(arn), fault);
        }
        catch (AwsCallException fault)
        {
            throw CommandFault.Fault($"the pipeline runs, but cannot be watched: {fault.Message}", HowToLook(arn), fault);
        }
    }

    private async Task<string> StartAsync(StepFunctionsClient client, CancellationToken cancellation)
    {
        try
        {
            StateMachine machine = await client.FindStateMachineAsync(ca.Names.StateMachine, cancellation)
                ?? throw await ca.NotThereAsync("state machine", ca.Names.StateMachine);
            return await client.StartExecutionAsync(machine.Arn, NewName(), NoInput, cancellation);
        }
        catch (AwsCallException fault)
        {
            throw CloudFault.Of(
                fault, $"allow states:ListStateMachines, and on '{ca.Names.StateMachine}' and its executions states:StartExecution, DescribeExecution, GetExecutionHistory, DescribeMapRun", mayBeIssued: false);
        }
    }

    private string NewName() => string.Create(
        CultureInfo.InvariantCulture, $"serverless-ca-{clock.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{(ulong)(random.Draw().Value & uint.MaxValue):x8}");

    private static string HowToLook(string arn) => $"aws stepfunctions describe-execution --execution-arn {arn}";
}
