using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Lambda.Settings;

/// <summary>From environment variables (contract section 3) to settings, checked: a function that cannot work says so when
/// it starts, naming every variable at fault, and not at the first certificate.</summary>
public static class EnvironmentReader
{
    private const string HandlerVariable = "_HANDLER";

    /// <summary>Reads what a function needs.</summary>
    /// <param name="variables">The environment.</param>
    /// <exception cref="InvalidSettingsException">Lists everything that is wrong.</exception>
    public static FunctionSettings Read(IReadOnlyDictionary<string, string> variables)
    {
        CaFunction function = FunctionOf(variables);
        var environment = new EnvironmentVariables(function, variables);
        FunctionSettings settings = Read(environment, function);
        return environment.Problems.Count == 0
            ? settings
            : throw new InvalidSettingsException(string.Join("; ", environment.Problems));
    }

    private static CaFunction FunctionOf(IReadOnlyDictionary<string, string> variables)
    {
        string functions = string.Join(", ", Operation.All.Select(operation => operation.Name));
        string handler = variables.GetValueOrDefault(HandlerVariable, "");
        return Operation.Find(handler)?.Function ?? throw new InvalidSettingsException(handler.Length == 0
            ? $"{HandlerVariable} is not set: set it to the function's short name, one of {functions}"
            : $"{HandlerVariable} is {EnvironmentVariables.Quoted(handler)}: set it to one of {functions}");
    }

    private static FunctionSettings Read(EnvironmentVariables variables, CaFunction function)
    {
        CaSettings ca = CaSettings.Read(variables);
        var settings = new FunctionSettings
        {
            Function = function,
            Ca = ca,
            Table = SettingsSchema.Table.Read(variables) is { Length: > 0 } table ? table : ca.Names.Table,
            IndexTable = SettingsSchema.IndexTable.Read(variables) is { Length: > 0 } index ? index : ca.Names.IndexTable,
            ExternalBucket = SettingsSchema.ExternalBucket.Read(variables),
            InternalBucket = SettingsSchema.InternalBucket.Read(variables),
            TopicArn = SettingsSchema.TopicArn.Read(variables),
            Slack = function == CaFunction.Notify ? ReadSlack(variables, ca.Names) : null,
        };
        foreach (SettingsContradiction contradiction in SettingsCheck.Contradictions(ca, setting => setting.Variable!))
        {
            variables.Report(contradiction.Message);
        }

        return settings;
    }

    private static SlackSettings ReadSlack(EnvironmentVariables variables, CaNames names)
    {
        var style = new SlackStyle
        {
            Project = names.Project,
            Username = SettingsSchema.SlackUsername.Read(variables),
            GoodEmoji = SettingsSchema.SlackGoodEmoji.Read(variables),
            BadEmoji = SettingsSchema.SlackBadEmoji.Read(variables),
            WarningEmoji = SettingsSchema.SlackWarningEmoji.Read(variables),
        };
        string address = SettingsSchema.SlackAddress.Read(variables);
        return new SlackSettings(
            SettingsSchema.SlackSecretArn.Read(variables), SlackBroadcast.Channels(SettingsSchema.SlackChannels.Read(variables)),
            style, address.Length > 0 ? new Uri(address) : null);
    }
}
