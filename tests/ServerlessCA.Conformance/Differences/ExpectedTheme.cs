using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Scenarios;

namespace ServerlessCA.Conformance.Differences;

/// <summary>A file of scenarios beside what the original did.</summary>
internal sealed class ExpectedTheme
{
    private readonly Dictionary<string, JsonObject> forms;

    public ExpectedTheme(string name)
    {
        File = ScenarioFile.Parse(Vectors.Read("scenarios", name + ".json"));
        forms = Vectors.Read("expected", name + ".json")["cases"]!.AsArray()
            .ToDictionary(form => form!["case"]!.GetValue<string>(), form => form!.AsObject());
    }

    /// <summary>All of them, in order of their names.</summary>
    public static IReadOnlyList<ExpectedTheme> All { get; } = [.. Vectors.Names("scenarios", ".json").Select(name => new ExpectedTheme(name))];

    /// <summary>The case of a name, and its file.</summary>
    public static (ExpectedTheme Theme, ScenarioCase Scenario) Find(string name)
    {
        ExpectedTheme theme = All.Single(theme => theme.File.Cases.Any(scenario => scenario.Name == name));
        return (theme, theme.File.Cases.Single(scenario => scenario.Name == name));
    }

    public ScenarioFile File { get; }

    /// <summary>A case as the original answered it, to be changed.</summary>
    public ExpectedCase Case(ScenarioCase scenario) => new(scenario, File.Csrs, forms);
}
