using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessCA.Browser.Tests.Support;

/// <summary>Runs a script of <c>tests/browser/walks</c>, which drives Chromium through the page and reports its steps.</summary>
internal static partial class WalkScript
{
    private const string Browser = "chromium";
    private const string Node = "node";

    private static readonly string Folder = Repository.At("tests", "browser");

    /// <summary>Returns the names of the steps as the script has them, in its order.</summary>
    public static IEnumerable<string> StepsOf(string walk) =>
        StepPattern().Matches(File.ReadAllText(PathOf(walk))).Select(match => match.Groups[1].Value);

    /// <summary>Says why no script can run here; null: one can.</summary>
    public static string? WhyNot() =>
        !ForeignProgram.IsInstalled(Browser) ? "chromium is not installed: apt-get install chromium"
        : !ForeignProgram.IsInstalled(Node) ? "node is not installed: apt-get install nodejs"
        : !ForeignProgram.IsInstalled("openssl") ? "openssl is not installed: apt-get install openssl"
        : !Directory.Exists(Path.Combine(Folder, "node_modules")) ? "Playwright is not installed: npm ci --prefix tests/browser --ignore-scripts"
        : null;

    /// <summary>Runs a script to its end.</summary>
    /// <param name="walk">Its name.</param>
    /// <param name="given">What it reads; the browser's path is added.</param>
    public static async Task<WalkReport> RunAsync(string walk, JsonObject given)
    {
        given["Chromium"] = ForeignProgram.OutputIn(Folder, "sh", "-c", $"command -v {Browser}").Trim();
        Run run = await ForeignProgram.RunAsync(Node, [PathOf(walk)], Folder, given.ToJsonString());
        var steps = new Dictionary<string, WalkStep>(StringComparer.Ordinal);
        foreach (string line in run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonElement step = JsonDocument.Parse(line).RootElement;
            steps[step.GetProperty("Step").GetString()!] = new WalkStep(
                step.GetProperty("Fault").GetString(), [.. step.GetProperty("Notes").EnumerateArray().Select(note => note.GetString()!)]);
        }

        return new WalkReport(steps, run.ExitCode, run.Errors);
    }

    private static string PathOf(string walk) => Path.Combine(Folder, "walks", $"{walk}.mjs");

    [GeneratedRegex("""^await step\("([^"]+)",""", RegexOptions.Multiline)]
    private static partial Regex StepPattern();
}

/// <summary>Holds what a walk reported. Immutable.</summary>
/// <param name="Steps">The steps that it reached, by name.</param>
/// <param name="ExitCode">How Node ended.</param>
/// <param name="Errors">What Node wrote besides.</param>
internal sealed record WalkReport(IReadOnlyDictionary<string, WalkStep> Steps, int ExitCode, string Errors)
{
    /// <summary>Fails the running test unless the walk reached a step and found nothing wrong; shows its figures.</summary>
    public void Assert(string step)
    {
        Xunit.Assert.True(Steps.ContainsKey(step), $"the walk did not reach this step; node ended with {ExitCode}: {Errors}");
        Xunit.Assert.True(Steps[step].Fault is null, Steps[step].Fault);
        foreach (string note in Steps[step].Notes)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(note);
        }
    }
}

/// <summary>Holds what a walk reported of one step. Immutable.</summary>
internal sealed record WalkStep(string? Fault, IReadOnlyList<string> Notes);
