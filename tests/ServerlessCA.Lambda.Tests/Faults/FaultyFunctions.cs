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

namespace ServerlessCA.Lambda.Tests.Faults;

/// <summary>The functions of a deployment in this process, each invocation of them cold, with faults where a test wants them.</summary>
internal sealed class FaultyFunctions(EmulatedDeployment deployment)
{
    /// <summary>What there is in AWS.</summary>
    public EmulatedDeployment Deployment => deployment;

    /// <summary>Hands a function an event.</summary>
    /// <param name="handler">Which.</param>
    /// <param name="input">The event.</param>
    /// <param name="fault">What goes wrong; null: nothing.</param>
    /// <param name="attempts">How often each call is tried in all.</param>
    public async Task<JsonNode?> RunAsync(string handler, JsonNode? input = null, PlannedFault? fault = null, int attempts = 4)
    {
        var log = new Log(new LineLogger(Stream.Null, handler, LogLevel.Information, asText: false, TimeProvider.System));
        var afterAnswer = new AfterAnswer(log);
        Dictionary<string, string> variables = new(deployment.Setup(handler).Environment, StringComparer.Ordinal) { ["_HANDLER"] = handler };
        using FunctionComposition composition = FunctionComposition.Of(
            SettingsReader.Read(variables), afterAnswer, log, TimeProvider.System, Settings(variables, fault, attempts));
        byte[] utf8 = Encoding.UTF8.GetBytes(input?.ToJsonString() ?? "{}");
        ReadOnlyMemory<byte> answer = await composition.Function.HandleAsync(utf8, TestContext.Current.CancellationToken);
        await afterAnswer.RunAsync(TestContext.Current.CancellationToken);
        return JsonNode.Parse(answer.Span);
    }

    private static AwsSettings Settings(Dictionary<string, string> variables, PlannedFault? fault, int attempts) => new()
    {
        Region = "eu-west-2",
        Credentials = new BasicAWSCredentials("test", "test"),
        Variable = variables.GetValueOrDefault,
        Transport = transport => fault?.Before(transport) ?? transport,
        Patience = new AwsPatience { Attempts = attempts, Pause = TimeSpan.FromMilliseconds(5) },
    };
}
