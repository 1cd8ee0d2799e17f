using System.Text.Json.Nodes;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Documentation;

/// <summary>Runs the scripts of pages, from the first to the last of a page, with the real program and in a folder of their own.</summary>
public sealed class SandboxTests
{
    // A script stops at the first command that fails, and what it left running ends with it.
    private const string Head = """
        set -euo pipefail
        trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

        """;

    // A served CA stands in for Lambda: it answers the same API. Debian's awscli does not know the variable for its address.
    private const string OnServedCa = "aws() { command aws \"$@\" --endpoint-url \"$SERVED\"; }\n";

    private const string Event = """
        openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -subj /CN=event.example.com -out event.csr
        jq -n --arg csr "$(base64 -w0 event.csr)" '{base64_csr_data: $csr}' > event.json

        """;

    /// <summary>The pages, each with a text that the scripts which are run have (empty: all of them), and what has happened before.</summary>
    internal static readonly IReadOnlyList<(string Page, string Contains, string Before)> Scripts =
    [
        ("docs/getting-started.md", "", ""),
        ("docs/operations/backup.md", "", ""),
        ("docs/request.md", "openssl req", "serverless-ca run\n"),
        ("docs/schemas.md", "", ""),
        ("docs/aws/getting-started.md", "aws lambda invoke", OnServedCa),
        ("docs/serve.md", "aws lambda invoke", OnServedCa + Event),
        ("examples/gitops/dev/README.md", "openssl req", ""),
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
        string program = folder.Write("bin/serverless-ca", $"#!/bin/sh\nexec '{Executable.Built}' \"$@\"\n");
        Modes.Set(program, "0700");
        ForeignProgram.SkipUnlessInstalled("jq", "jq");
        string before = Scripts.Single(one => one.Page == path).Before;
        if (before.StartsWith(OnServedCa, StringComparison.Ordinal))
        {
            ForeignProgram.SkipUnlessInstalled("aws", "awscli");
        }

        using var session = new Session();
        await using BackgroundCommand? served = !before.StartsWith(OnServedCa, StringComparison.Ordinal) ? null : await BackgroundCommand.ServeAsync(session);
        MarkdownBlock[] blocks = [.. MarkdownPage.At(path).Blocks.Where(Runs)];
        Assert.NotEmpty(blocks);
        string script = before + string.Concat(blocks.Select(block => block.Text));

        Run run = await Run.OfAsync("/bin/bash", folder.At("work"), ["-c", $"{Head}{script}"], variables: new Dictionary<string, string>
        {
            ["PATH"] = $"{folder.At("bin")}:/usr/bin:/bin:{Environment.GetEnvironmentVariable("PATH")}",
            ["HOME"] = folder.At("work"),
            ["DOTNET_ROOT"] = Executable.DotnetRoot,
            ["SERVERLESS_CA"] = "local:.serverless-ca",
            ["SERVED"] = served?.Url ?? "",
            ["AWS_ACCESS_KEY_ID"] = "anyone",
            ["AWS_SECRET_ACCESS_KEY"] = "anything",
            ["AWS_DEFAULT_REGION"] = "eu-west-2",
        });

        Assert.True(run.ExitCode == 0, $"{run.Text}\n{script}");
        if (path == "docs/getting-started.md")
        {
            Assert.Contains("certificate revoked", run.Text, StringComparison.Ordinal); // openssl's word, not that a file was missing
        }

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
