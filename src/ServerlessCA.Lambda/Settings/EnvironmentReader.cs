using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;
using ServerlessCA.Slack;

namespace ServerlessCA.Lambda.Settings;

/// <summary>Reads and checks the settings in environment variables (contract section 3), so that a function that cannot work
/// says so when it starts, and not at the first certificate.</summary>
public static class EnvironmentReader
{
    private const string HandlerVariable = "_HANDLER";

    /// <summary>Reads the settings that the function needs.</summary>
    /// <param name="variables">The environment variables by name.</param>
    /// <exception cref="InvalidSettingsException">The message lists everything that is wrong.</exception>
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

/// <summary>Reads settings from environment variables and collects all problems, so that the operator sees them at once. An
/// empty variable counts as absent, as Terraform cannot leave one out.</summary>
/// <param name="function">The function; variables that only others read are ignored.</param>
/// <param name="variables">The environment variables by name.</param>
internal sealed class EnvironmentVariables(CaFunction function, IReadOnlyDictionary<string, string> variables) : ISettingsSource
{
    private readonly List<string> problems = [];

    /// <summary>The problems so far; each names the variable and what to do.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Adds a problem that was found elsewhere.</summary>
    public void Report(string problem) => problems.Add(problem);

    /// <inheritdoc/>
    public SettingValue? Find(Setting setting) =>
        setting.Variable is { } name && setting.ReadBy.Contains(function) && variables.GetValueOrDefault(name) is { Length: > 0 } text
            ? new SettingValue(Json: null, PackedText.Open(text))
            : null;

    /// <inheritdoc/>
    public bool Needs(Setting setting) => setting.IsNeeded && setting.ReadBy.Contains(function);

    /// <inheritdoc/>
    public void Report(SettingProblem problem)
    {
        string name = problem.Setting.Variable!;
        string? said = problem switch
        {
            { Fault: SettingFault.Unknown } when IsOfCa(problem.Setting) => null, // the original ignores it
            { Member: { } member, Fault: SettingFault.Unknown } => $"{name}: {member} is unknown: use {problem.Expected}", // it may be meant to forbid something
            { Member: { } member, Fault: SettingFault.Missing } => $"{name}: {member} is missing: give the CA a name",
            { Member: { } member, Fault: SettingFault.NotText } => $"{name}: {member} is no text: write it in quotes",
            { Member: { } member } => $"{name}: {member} must be {problem.Expected}",
            { Fault: SettingFault.Missing } => $"{name} is not set: set it to {problem.Expected}",
            { Fault: SettingFault.NotJson } => $"{name} is {Quoted(problem.Written!)}, which is not JSON: set it to {problem.Expected}",
            { Fault: SettingFault.NotObject } => $"{name} is no JSON object: set it to {problem.Expected}",
            _ => $"{name} is {Quoted(problem.Written!)}: set it to {problem.Expected}",
        };
        if (said is not null)
        {
            problems.Add(said);
        }
    }

    private static bool IsOfCa(Setting setting) =>
        setting == SettingsSchema.RootCaInfo || setting == SettingsSchema.IssuingCaInfo || setting == SettingsSchema.IssuingCaLifetime;

    /// <summary>Returns a value as a message quotes it.</summary>
    public static string Quoted(string text) => text.Length <= 100 ? $"'{text}'" : $"'{text[..100]}…'";
}

/// <summary>Checks the settings without any call, for those who deploy.</summary>
internal static class SettingsReport
{
    /// <returns>The exit code: 0 when the function would start, 1 when not.</returns>
    public static int Write(IReadOnlyDictionary<string, string> variables, TextWriter output, TextWriter errors)
    {
        try
        {
            EnvironmentReader.Read(variables);
            output.WriteLine("OK");
            return 0;
        }
        catch (InvalidSettingsException problem)
        {
            foreach (string line in problem.Message.Split("; "))
            {
                errors.WriteLine(line);
            }

            return 1;
        }
    }
}
