using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Microsoft.Extensions.Logging;
using ServerlessCA.Aws;
using ServerlessCA.Emulators.Deployments;
using ServerlessCA.Lambda.Composition;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;
using ServerlessCA.Lambda.Settings;
using ServerlessCA.Slack.Tests.Fakes;

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>Runs the functions of a deployment in this process, each invocation cold, with the test's faults.</summary>
internal sealed class FaultyFunctions(EmulatedDeployment deployment) : IAsyncDisposable
{
    /// <summary>The Slack that notify posts to, once it was started.</summary>
    public FakeSlack? Slack { get; private set; }

    /// <summary>The deployment in AWS.</summary>
    public EmulatedDeployment Deployment => deployment;

    /// <summary>Runs a function with an event.</summary>
    /// <param name="handler">The function's handler.</param>
    /// <param name="input">The event.</param>
    /// <param name="fault">The fault; null for none.</param>
    /// <param name="attempts">The number of attempts of each call.</param>
    /// <param name="deadline">When Lambda would end the run; null: never.</param>
    public async Task<JsonNode?> RunAsync(
        string handler, JsonNode? input = null, PlannedFault? fault = null, int attempts = 4, TimeSpan? deadline = null)
    {
        var log = new Log(new LineLogger(Stream.Null, handler, LogLevel.Information, asText: false, TimeProvider.System));
        var afterAnswer = new AfterAnswer(log);
        Dictionary<string, string> variables = new(deployment.Setup(handler).Environment, StringComparer.Ordinal) { ["_HANDLER"] = handler };
        if (Slack is not null)
        {
            variables["SLACK_API_URL"] = Slack.BaseAddress.ToString();
        }

        using FunctionComposition composition = FunctionComposition.Of(
            EnvironmentReader.Read(variables), afterAnswer, log, TimeProvider.System, Settings(variables, fault, attempts));
        byte[] utf8 = Encoding.UTF8.GetBytes(input?.ToJsonString() ?? "{}");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ended.CancelAfter(deadline ?? Timeout.InfiniteTimeSpan);
        ReadOnlyMemory<byte> answer = await composition.Function.HandleAsync(new Invocation("faulty", DateTimeOffset.MaxValue, utf8), ended.Token);
        await afterAnswer.RunAsync(TestContext.Current.CancellationToken);
        return JsonNode.Parse(answer.Span);
    }

    /// <summary>Starts the Slack that notify posts to.</summary>
    public async Task StartSlackAsync() => Slack = await FakeSlack.StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Slack?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static AwsSettings Settings(Dictionary<string, string> variables, PlannedFault? fault, int attempts) => new()
    {
        Region = "eu-west-2",
        Credentials = new BasicAWSCredentials("test", "test"),
        Variable = variables.GetValueOrDefault,
        Transport = transport => fault?.Before(transport) ?? transport,
        Retry = new AwsRetryPolicy { Attempts = attempts, Pause = TimeSpan.FromMilliseconds(5) },
    };
}
