using System.Text.Json.Nodes;

namespace ServerlessCA.Cli.Tests.Documentation;

/// <summary>Compares settings of other systems with what their page says of them.</summary>
public sealed class SettingsOfOthersTests
{
    [Fact]
    public void The_trust_policy_of_pipelines_admits_the_subject_that_examples_pipelines_README_md_names()
    {
        MarkdownPage page = MarkdownPage.At("examples/pipelines/README.md");
        JsonObject statement = JsonNode.Parse(page.Blocks.Single(block => block.Language == "json").Text)!["Statement"]!.AsArray().Single()!.AsObject();
        JsonObject condition = statement["Condition"]!["StringEquals"]!.AsObject();
        string row = page.Text.Split('\n').Single(line => line.StartsWith("| `serverless-ca-apply` |", StringComparison.Ordinal));

        Assert.Equal(("Allow", "sts:AssumeRoleWithWebIdentity"), (statement["Effect"]!.GetValue<string>(), statement["Action"]!.GetValue<string>()));
        Assert.Contains($"`{condition["token.actions.githubusercontent.com:sub"]}`", row, StringComparison.Ordinal);
        Assert.Contains($"with the audience `{condition["token.actions.githubusercontent.com:aud"]}`", page.Text, StringComparison.Ordinal);
    }
}
