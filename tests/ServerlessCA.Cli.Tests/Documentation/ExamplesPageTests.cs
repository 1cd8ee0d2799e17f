using System.Globalization;
using System.Text;

namespace ServerlessCA.Cli.Tests.Documentation;

/// <summary>Compares <c>docs/architecture/examples.md</c>, which counts how the examples are checked, with the pages. UPDATE_GOLDEN=1
/// writes it anew.</summary>
public sealed class ExamplesPageTests
{
    [Fact]
    public async Task The_page_counts_the_blocks_and_commands_of_every_page()
    {
        string file = Repository.At("docs", "architecture", "examples.md");
        string page = await ExamplesPage.WriteAsync();
        TestContext.Current.SendDiagnosticMessage(page);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(file, page, TestContext.Current.CancellationToken);
        }

        Assert.Equal(page, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }
}

/// <summary>Writes <c>docs/architecture/examples.md</c>.</summary>
internal static class ExamplesPage
{
    private const string Head = """
        # How the examples are checked

        Every fenced block of every page names its language, and a test accounts for it; a block of a language that no test knows fails the
        build (`tests/ServerlessCA.Cli.Tests/Documentation`). This page counts them. It is written by the test; after a change of a page run:

        ```sh
        dotnet build tests/ServerlessCA.Cli.Tests
        UPDATE_GOLDEN=1 tests/ServerlessCA.Cli.Tests/bin/Debug/net10.0/ServerlessCA.Cli.Tests -class '*.ExamplesPageTests'
        ```

        | column | counts |
        | --- | --- |
        | session | commands of recorded sessions (`console`), which are repeated and compared, output and exit code included |
        | run | other blocks that a test runs, or compares with what the program writes |
        | validated | blocks that a schema, or the program that reads such texts, accepts: JSON, Terraform, YAML |
        | judged | commands of scripts that are not run: our own command line is read by its real parser, `aws` checks the call by the model of the service, `openssl`, `curl` and `terraform` must know each option, `make` each target; named files exist |
        | shell only | commands of scripts of which only bash and shellcheck see more than the name |
        | shown | drawings and texts out of files |

        Links, anchors and files named in code font are checked by `LinkTests` of `tests/ServerlessCA.Rules.Tests`; addresses on the web only
        for their form. A separate link checker over rendered pages would find nothing else: there is no site, and the anchors are those of
        GitHub, which another renderer makes differently.

        | page | session | run | validated | judged | shell only | shown |
        | --- | --- | --- | --- | --- | --- | --- |

        """;

    /// <summary>Writes the whole page.</summary>
    public static async Task<string> WriteAsync()
    {
        var page = new StringBuilder(Head);
        int[] all = new int[6];
        foreach (MarkdownPage one in ExampleBlocks.Pages.Where(one => one.Path != "docs/architecture/examples.md"))
        {
            int[] counts = await CountAsync(one);
            page.Append(Row($"[{one.Path}](../../{one.Path})", counts));
            all = [.. all.Zip(counts, (sum, count) => sum + count)];
        }

        return page.Append(Row("all", all)).ToString();
    }

    private static async Task<int[]> CountAsync(MarkdownPage page)
    {
        int[] counts = new int[6];
        foreach (MarkdownBlock block in page.Blocks)
        {
            switch (ExampleBlocks.TreatmentOf(block))
            {
                case Treatment.Session:
                    counts[0] += block.Text.Split('\n').Count(line => line.StartsWith("$ ", StringComparison.Ordinal));
                    break;
                case Treatment.Run:
                    counts[1]++;
                    break;
                case Treatment.Validated:
                    counts[2]++;
                    break;
                case Treatment.Commands:
                    IReadOnlyList<string[]> commands = await ShellScript.CommandsOfAsync(block.Text);
                    counts[3] += commands.Count(CommandJudge.IsJudged);
                    counts[4] += commands.Count(command => !CommandJudge.IsJudged(command));
                    break;
                default:
                    counts[5]++;
                    break;
            }
        }

        return counts;
    }

    private static string Row(string page, int[] counts) =>
        $"| {page} | {string.Join(" | ", counts.Select(count => count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture)))} |\n";
}
