using System.Globalization;
using ServerlessCA.Aws.Http;
using ServerlessCA.Aws.StepFunctions;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Retries;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Cloud.Runs;

/// <summary>Runs the pipeline of a CA on AWS, which is its state machine.</summary>
/// <param name="ca">The CA, with an open session.</param>
/// <param name="clock">Gives the execution's name its time, and times the polling.</param>
/// <param name="random">Makes the execution's name unique within a second.</param>
internal sealed class CloudPipeline(CloudCa ca, TimeProvider clock, ISerialSource random)
{
    private const string NoInput = "{}"; // the machine reads none

    /// <summary>Starts an execution and returns when it has ended.</summary>
    /// <exception cref="Authorities.AuthorityFault">There is no such state machine, or it may not be started.</exception>
    /// <exception cref="CommandFault">It was started, but cannot be followed.</exception>
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

/// <summary>Follows an execution until it ends.</summary>
/// <param name="client">The client of Step Functions.</param>
/// <param name="clock">Times the pauses between polls.</param>
/// <param name="progress">Is notified of the progress.</param>
internal sealed class ExecutionFollower(StepFunctionsClient client, TimeProvider clock, ExecutionProgress progress)
{
    private const int MaxUnseen = 10; // polls of an execution that is not visible yet; it becomes visible within seconds (our decision)

    // Our decision: the first poll is soon, the later ones stay far below the quota of Step Functions (15 calls a second).
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(250)) { Longest = TimeSpan.FromSeconds(2) };

    private readonly ExecutionSteps steps = new();
    private MapRun? map;
    private bool mapIsHidden;

    /// <summary>Polls the execution and returns when it has ended.</summary>
    /// <exception cref="AwsCallException">It cannot be followed; it goes on.</exception>
    public async Task<FollowedExecution> FollowAsync(string arn, CancellationToken cancellation)
    {
        for (int looks = 1, unseen = 0; unseen < MaxUnseen; looks++)
        {
            Execution? execution = await client.DescribeExecutionAsync(arn, cancellation);
            unseen = execution is null ? unseen + 1 : 0;
            if (execution is not null)
            {
                await LookAsync(arn, cancellation);
            }

            if (execution is { IsRunning: false })
            {
                return Ended(execution);
            }

            await Task.Delay(Pauses.After(looks), clock, cancellation);
        }

        throw CommandFault.Fault($"the execution {arn} is not to be found", "look for it in the console of Step Functions");
    }

    private async Task LookAsync(string arn, CancellationToken cancellation)
    {
        await foreach (ExecutionEvent happened in client.GetExecutionHistoryAsync(arn, cancellation))
        {
            if (steps.Apply(happened) is { } ended)
            {
                progress.Ended(ended);
            }
        }

        await LookAtMapAsync(cancellation);
        progress.Advanced(steps.All, map);
    }

    // The counts are only shown: a caller without the permission sees none.
    private async Task LookAtMapAsync(CancellationToken cancellation)
    {
        if (steps.MapRunArn is not { } arn || mapIsHidden)
        {
            return;
        }

        try
        {
            map = await client.DescribeMapRunAsync(arn, cancellation);
        }
        catch (AwsCallException fault) when (fault.Code is "AccessDeniedException" or "ResourceNotFound")
        {
            mapIsHidden = true;
        }
    }

    private FollowedExecution Ended(Execution execution)
    {
        FailureCause? cause = FailureCause.Read(execution.Cause);
        if (execution.HasSucceeded || cause is not null)
        {
            steps.EndAll(); // the history may lag behind
        }

        foreach ((string step, string error) in cause?.Steps ?? [])
        {
            steps.Amend(step, end => end with { Failure = end.Failure ?? error });
        }

        if (cause?.FailedEntries > 0)
        {
            string failed = map is { Total: > 0 }
                ? string.Create(CultureInfo.InvariantCulture, $"{cause.FailedEntries} of {Counted.Entries(map.Total)} failed")
                : $"{Counted.Entries(cause.FailedEntries)} failed";
            steps.Amend(ExecutionSteps.Certificates, end => end with
            {
                Failure = end.Failure ?? failed,
            });
        }
        else if (map is not null && steps.All.Any(step => step.Name == ExecutionSteps.Certificates))
        {
            steps.Amend(ExecutionSteps.Certificates, end => end with { Remark = Counted.Entries(map.Total) });
        }

        return new FollowedExecution(execution, [.. steps.All], map, cause);
    }
}
