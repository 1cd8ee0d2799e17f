using System.Text.Json.Nodes;

namespace ServerlessCA.Cli.Tests.Documentation;

/// <summary>Runs the scripts of pages, from the first to the last of a page, with the real program and in a folder of their own.</summary>
public sealed class SandboxTests
{
    // A script stops at the first command that fails, and what it left running ends with it.
    private const string Head = """
        set -euo pipefail
        trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

        """;

    /// <summary>The pages, each with a text that the scripts which are run have (empty: all of them), and whether they need a CA.</summary>
    internal static readonly IReadOnlyList<(string Page, string Contains, bool NeedsCa)> Scripts =
    [
        ("docs/getting-started.md", "", false),
        ("docs/operations/backup.md", "", false),
        ("docs/request.md", "openssl req", true),
        ("docs/schemas.md", "", false),
        ("examples/gitops/dev/README.md", "openssl req", false),
    ];

    public static TheoryData<string> Pages => [.. Scripts.Select(script => script.Page)];

    /// <summary>Says whether a block is one of the scripts.</summary>
    internal static bool Runs(MarkdownBlock block) => block.Language == "sh"
        && Scripts.Any(script => script.Page == block.Page && block.Text.Contains(script.Contains, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_scripts_of_a_page_run(string path)
    {
        OpenSsl.IsNeeded();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("work", "csrs"));
        Directory.CreateDirectory(folder.At("work", ".vscode"));
        string program = folder.Write("bin/serverless-ca", $"#!/bin/sh\nexec '{Support.Executable.Built}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string needed = Scripts.Single(one => one.Page == path).NeedsCa ? "serverless-ca run\n" : "";
        string script = needed + string.Concat(MarkdownPage.At(path).Blocks.Where(Runs).Select(block => block.Text));

        Run run = await Run.OfAsync("/bin/bash", folder.At("work"), ["-c", $"{Head}{script}"], variables: new Dictionary<string, string>
        {
            ["PATH"] = $"{folder.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["HOME"] = folder.At("work"),
            ["DOTNET_ROOT"] = Support.Executable.DotnetRoot,
            ["SERVERLESS_CA"] = "local:.serverless-ca",
        });

        Assert.True(run.ExitCode == 0, $"{run.Text}\n{script}");
        if (path == "docs/schemas.md")
        {
            // What the editor's settings on the page name, the scripts have written.
            string settings = MarkdownPage.At(path).Blocks.Single(block => block.Text.Contains("json.schemas", StringComparison.Ordinal)).Text;
            Assert.All(
                JsonNode.Parse(settings)!["json.schemas"]!.AsArray().Select(schema => schema!["url"]!.GetValue<string>()),
                url => Assert.True(new FileInfo(folder.At("work", url)).Length > 0, url));
        }
    }
}
