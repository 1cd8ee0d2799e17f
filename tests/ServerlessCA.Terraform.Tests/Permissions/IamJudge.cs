using System.Text.Json;
using System.Text.Json.Nodes;

namespace ServerlessCA.Terraform.Tests.Permissions;

/// <summary>An IAM that nobody here wrote (<c>tests/judges/iam.mjs</c>) evaluates policies as AWS does.</summary>
internal static class IamJudge
{
    private static readonly string Folder = Repository.At("tests", "judges");

    /// <summary>Skips the running test, with the reason, where it is not installed.</summary>
    public static void SkipUnlessInstalled()
    {
        ForeignProgram.SkipUnlessInstalled("node");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules", "@cloud-copilot")),
            "the judges are not installed: npm ci --prefix tests/judges --ignore-scripts");
    }

    /// <summary>Which of the questions are allowed, in their order.</summary>
    public static async Task<IReadOnlyList<bool>> AllowedAsync(IReadOnlyList<Question> questions)
    {
        var json = new JsonArray([.. questions.Select(question => question.Json)]);
        Run run = await Run.OfAsync("node", Folder, ["iam.mjs"], json.ToJsonString());
        Assert.True(run.ExitCode == 0, run.Text);
        string[] verdicts = JsonSerializer.Deserialize<string[]>(run.Output)!;
        Assert.All(questions.Zip(verdicts), pair => Assert.False(
            pair.Second.StartsWith("Error", StringComparison.Ordinal), $"{pair.First}: {pair.Second}"));
        return [.. verdicts.Select(verdict => verdict == "Allowed")];
    }
}
