using System.Collections;
using System.Runtime.InteropServices;
using ServerlessCA.Core;
using ServerlessCA.Core.Settings;
using ServerlessCA.Lambda.Composition;
using ServerlessCA.Lambda.Logging;
using ServerlessCA.Lambda.Runtime;
using ServerlessCA.Lambda.Settings;

namespace ServerlessCA.Lambda;

/// <summary>The process that Lambda starts. It checks the settings, composes the function, and handles event after
/// event.</summary>
internal static class Bootstrap
{
    private const string CheckVariable = "SERVERLESS_CA_CHECK";

    /// <summary>Runs the process.</summary>
    /// <param name="args"><c>check</c>, or <c>SERVERLESS_CA_CHECK=1</c> in the environment, only checks the settings.</param>
    /// <returns>The exit code: 0 when it was stopped, 1 when it cannot work, 2 when it was not started by Lambda.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        Dictionary<string, string> variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!, StringComparer.Ordinal);
        if (args is ["check"] || variables.GetValueOrDefault(CheckVariable) == "1")
        {
            return SettingsReport.Write(variables, Console.Out, Console.Error);
        }

        if (variables.GetValueOrDefault("AWS_LAMBDA_RUNTIME_API") is not { Length: > 0 } host)
        {
            await Console.Error.WriteLineAsync(
                "AWS_LAMBDA_RUNTIME_API is not set: this program is started by AWS Lambda. To check the settings of a function: bootstrap check");
            return 2;
        }

        HeapLimit.Apply(variables.GetValueOrDefault("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true; // the event that is being handled is finished first
            stop.Cancel();
        });
        using var api = new RuntimeApi(host);
        return await RunAsync(api, LogOf(variables), variables, stop.Token);
    }

    private static async Task<int> RunAsync(
        RuntimeApi api, Log log, Dictionary<string, string> variables, CancellationToken stopped)
    {
        var afterAnswer = new AfterAnswer(log);
        FunctionComposition? composition = null;
        try
        {
            composition = FunctionComposition.Of(EnvironmentReader.Read(variables), afterAnswer, log, TimeProvider.System);
        }
        catch (Exception fault) // whatever it is, Lambda gets the reason for this process's end
        {
            log.CannotStart(fault.GetType().Name, fault.Message, fault is InvalidSettingsException ? null : fault.StackTrace);
            await api.FailInitAsync(FunctionError.Of(fault));
            return 1;
        }

        using (composition)
        {
            log.Ready(Product.Version);
            return await new RuntimeLoop(api, composition.Function, afterAnswer, log, TimeProvider.System).RunAsync(stopped);
        }
    }

    private static Log LogOf(Dictionary<string, string> variables) => new(new LineLogger(
        Console.OpenStandardOutput(),
        variables.GetValueOrDefault("_HANDLER", ""),
        LogLevels.Of(variables.GetValueOrDefault("AWS_LAMBDA_LOG_LEVEL")),
        asText: string.Equals(variables.GetValueOrDefault("AWS_LAMBDA_LOG_FORMAT"), "Text", StringComparison.OrdinalIgnoreCase),
        TimeProvider.System));
}
