using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Lambda.Settings;

/// <summary>The environment as a source of settings. What is wrong is collected, so that an operator is told everything at
/// once. An empty variable counts as absent: Terraform cannot leave one out.</summary>
/// <param name="function">What another function reads is not looked at.</param>
/// <param name="variables">The environment.</param>
internal sealed class EnvironmentVariables(CaFunction function, IReadOnlyDictionary<string, string> variables) : ISettingsSource
{
    private readonly List<string> problems = [];

    /// <summary>Each names the variable and what to do.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Adds a problem found elsewhere.</summary>
    public void Report(string problem) => problems.Add(problem);

    /// <inheritdoc/>
    public SettingValue? Find(Setting setting) =>
        setting.Variable is { } name && setting.ReadBy.Contains(function) && variables.GetValueOrDefault(name) is { Length: > 0 } text
            ? new SettingValue(Json: null, text)
            : null;

    /// <inheritdoc/>
    public bool Needs(Setting setting) => setting.IsNeeded && setting.ReadBy.Contains(function);

    /// <inheritdoc/>
    public void Report(SettingProblem problem)
    {
        string name = problem.Setting.Variable!;
        string? said = problem switch
        {
            { Fault: SettingFault.Unknown } => null, // as ever: a member that nobody knows does no harm
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

    /// <summary>A value as a message repeats it.</summary>
    public static string Quoted(string text) => text.Length <= 100 ? $"'{text}'" : $"'{text[..100]}…'";
}
