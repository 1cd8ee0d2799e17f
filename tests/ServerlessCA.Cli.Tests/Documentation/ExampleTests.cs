using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ServerlessCA.Cli.Tests.Documentation;

/// <summary>Checks every fenced block of the documentation (<see cref="ExampleBlocks"/>): none is left out.</summary>
public sealed partial class ExampleTests
{
    public static TheoryData<string> Sessions => PagesWith(block => ExampleBlocks.TreatmentOf(block) == Treatment.Session);

    public static TheoryData<string> Json => PagesWith(block => block.Language == "json");

    public static TheoryData<string> Shell => PagesWith(IsShell);

    public static TheoryData<string> Commands => PagesWith(block => ExampleBlocks.TreatmentOf(block) == Treatment.Commands);

    public static TheoryData<string> Hcl => PagesWith(block => block.Language == "hcl");

    [Fact]
    public void Every_block_is_accounted_for() => Assert.Empty(ExampleBlocks.Pages.SelectMany(page => page.Blocks)
        .Where(block => ExampleBlocks.TreatmentOf(block) is null)
        .Select(block => $"{block}: no test accounts for this block: name the test that runs it in ExampleBlocks.Rules"));

    [Fact]
    public void Code_stands_in_fenced_blocks_only() => Assert.Empty(
        MarkdownPage.All.SelectMany(page => page.IndentedCode.Select(line => $"{page.Path}:{line}: indented code names no language: write ``` around it")));

    [Fact]
    public void A_rule_names_a_test_that_reads_the_page_and_is_needed() => Assert.All(ExampleBlocks.Rules, rule =>
    {
        string page = Path.GetFileName(rule.Page);
        string file = Assert.Single(Directory.EnumerateFiles(Repository.At("tests"), $"{rule.Test}.cs", SearchOption.AllDirectories));
        Assert.Contains(page.Contains('*', StringComparison.Ordinal) ? "how-to" : page, File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Contains(ExampleBlocks.Pages.SelectMany(known => known.Blocks), block => ExampleBlocks.RuleFor(block) == rule);
    });

    [Theory]
    [MemberData(nameof(Sessions))]
    public void Sessions_are_recorded_ones(string path)
    {
        string[] recorded = [.. Directory.EnumerateFiles(Repository.At("tests", "golden", "cli"), "*.txt", SearchOption.AllDirectories).Select(File.ReadAllText)];
        string[] shown = [.. recorded, .. recorded.Select(session => session.Replace("$TMP/", "", StringComparison.Ordinal).Replace("\n! ", "\n", StringComparison.Ordinal))];

        Assert.Empty(MarkdownPage.At(path).Blocks
            .Where(block => block.Language == "console" && ExampleBlocks.TreatmentOf(block) == Treatment.Session)
            .Where(block => !shown.Any(session => Shows(session, block.Text)))
            .Select(block => $"{block}: no session of tests/golden/cli is like this: {block.Text}"));
    }

    [Theory]
    [MemberData(nameof(Json))]
    public async Task Json_is_what_its_schema_says(string path)
    {
        foreach (MarkdownBlock block in MarkdownPage.At(path).Blocks.Where(block => block.Language == "json"))
        {
            JsonNode? document = JsonNode.Parse(block.Text);
            if (ExampleBlocks.SchemaFor(block.Text) is { } name)
            {
                string schema = await File.ReadAllTextAsync(Repository.At("schemas", $"{name}.json"), TestContext.Current.CancellationToken);
                Assert.Equal(["valid"], await JsonSchemas.JudgeAsync(schema, [document]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shell))]
    public async Task Scripts_are_good_shell(string path)
    {
        string script = string.Concat(MarkdownPage.At(path).Blocks.Where(IsShell).Select(block => $"{block.Text}\n"));

        // A person types these lines: that cd may fail is seen, a file with a number is a word, and a variable is for later.
        Run syntax = await ForeignProgram.RunAsync("bash", ["-n"], Directory.GetCurrentDirectory(), script);
        Run judged = await ForeignProgram.RunAsync("shellcheck", ["--shell=bash", "--format=gcc", "--severity=warning", "--exclude=SC2034,SC2046,SC2164", "-"], Directory.GetCurrentDirectory(), script);

        Assert.True(syntax.ExitCode == 0, syntax.Text);
        Assert.True(judged.ExitCode == 0, $"{judged.Text}\n{script}");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Programs_know_the_options_of_each_command(string path)
    {
        var wrong = new List<string>();
        foreach (MarkdownBlock block in MarkdownPage.At(path).Blocks.Where(block => ExampleBlocks.TreatmentOf(block) == Treatment.Commands))
        {
            IReadOnlyList<string[]> commands = await ShellScript.CommandsOfAsync(block.Text);
            Assert.NotEmpty(commands);
            foreach (string[] command in commands)
            {
                if (await CommandJudge.WhyNotAsync(command) is { } why)
                {
                    wrong.Add($"{block}: {string.Join(' ', command)}: {why}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Commands_in_running_text_can_be_run()
    {
        var wrong = new List<string>();
        (MarkdownPage Page, PageText Span)[] spans =
        [
            .. MarkdownPage.All.SelectMany(page => page.CodeSpans.Select(span => (page, span)))
                .Where(one => CommandInText().IsMatch(one.span.Text) && !Placeholder().IsMatch(one.span.Text))
                .Where(one => !one.span.Text.StartsWith("aws cloudfront", StringComparison.Ordinal)), // newer than Debian's awscli
        ];
        foreach ((MarkdownPage page, PageText span) in spans)
        {
            foreach (string[] command in (await ShellScript.CommandsOfAsync(span.Text)).Where(CommandJudge.IsJudged))
            {
                string? why = command is ["serverless-ca", string name] ? WhyNotCommand(name) : await CommandJudge.WhyNotAsync(command);
                wrong.AddRange(why is not null && !IsUnfinished(why) ? [$"{page.Path}:{span.Line}: {span.Text}: {why}"] : []);
            }
        }

        Assert.True(spans.Length > 50, $"{spans.Length} commands");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Hcl))]
    public async Task Terraform_is_formatted_and_sets_inputs_that_the_module_has(string path)
    {
        string[] inputs = [.. Directory.EnumerateFiles(Repository.At("terraform"), "variables-*.tf").SelectMany(file => Variable().Matches(File.ReadAllText(file))).Select(variable => variable.Groups["name"].Value)];
        foreach (MarkdownBlock block in MarkdownPage.At(path).Blocks.Where(block => block.Language == "hcl"))
        {
            Run formatted = await ForeignProgram.RunAsync("terraform", ["fmt", "-check", "-diff", "-"], Directory.GetCurrentDirectory(), block.Text);
            Assert.True(formatted.ExitCode == 0, $"{block}: {formatted.Text}");
            Assert.Empty(InputsOf(block.Text).Except([.. inputs, "source", "version"]));
        }
    }

    [Fact]
    public async Task Yaml_and_Toml_are_read_by_other_programs()
    {
        foreach (MarkdownBlock block in ExampleBlocks.Pages.SelectMany(page => page.Blocks).Where(block => block.Language is "yaml" or "toml"))
        {
            Run run = await ReadAsync(block);
            Assert.True(run.ExitCode == 0, $"{block}: {run.Text}");
        }
    }

    [Theory]
    [InlineData("yaml", "a: 1\nb: [2, 3]\n", true)]
    [InlineData("yaml", "a: 1\na: 2\n", false)]
    [InlineData("toml", "a = 1\n", true)]
    [InlineData("toml", "a = \n", false)]
    public async Task Mistakes_in_Yaml_and_Toml_are_seen(string language, string text, bool isGood) =>
        Assert.Equal(isGood, (await ReadAsync(new MarkdownBlock("page.md", 1, language, text))).ExitCode == 0);

    [Theory]
    [InlineData("serverless-ca list --revoked | jq .", 2, null)]
    [InlineData("serverless-ca lst", 1, "unknown command 'lst'")]
    [InlineData("serverless-ca request --common-nam a", 1, "unknown option '--common-nam'")]
    [InlineData("x=$(serverless-ca list --output jsn)", 1, "--output 'jsn' is unknown")]
    [InlineData("serverless-ca list --output markdown", 1, "--output 'markdown' is not for this command")]
    [InlineData("serverless-ca list --ca aws://one", 1, "does not name a project and an environment")]
    [InlineData("sudo openssl req -nev", 1, "openssl has no option -nev")]
    [InlineData("curl -sSf --cacrt ca.pem https://localhost/", 1, "curl has no option --cacrt")]
    [InlineData("terraform plan -output=x", 1, "terraform has no option -output")]
    [InlineData("aws lambda invoke --functon-name x out.json", 1, "--function-name")]
    [InlineData("aws lambda invoke --function-name x out.json", 1, null)]
    [InlineData("terraform aply", 1, "terraform has no command aply")]
    [InlineData("openssl verfy", 1, "openssl has no command verfy")]
    [InlineData("make nothing", 1, "the Makefile has no nothing")]
    [InlineData("frobnicate", 1, "frobnicate is unknown")]
    public async Task A_command_is_judged_by_its_program(string script, int count, string? why)
    {
        IReadOnlyList<string[]> commands = await ShellScript.CommandsOfAsync(script);
        string?[] wrong = await Task.WhenAll(commands.Select(CommandJudge.WhyNotAsync));

        Assert.Equal(count, commands.Count);
        Assert.Contains(why ?? "", wrong.SingleOrDefault(one => one is not null) ?? "", StringComparison.Ordinal);
        Assert.Equal(why is null, wrong.All(one => one is null));
    }

    private static TheoryData<string> PagesWith(Func<MarkdownBlock, bool> isSo) =>
        [.. ExampleBlocks.Pages.Where(page => page.Blocks.Any(isSo)).Select(page => page.Path)];

    private static bool IsShell(MarkdownBlock block) => block.Language is "sh" or "bash";

    // In running text awscli may lack what every such call needs, and a profile is the reader's.
    private static bool IsUnfinished(string why) => why.Contains("arguments are required", StringComparison.Ordinal) || why.Contains("expected one argument", StringComparison.Ordinal)
        || why.Contains("The config profile", StringComparison.Ordinal);

    // In running text a name alone stands for the command, whatever else it needs.
    private static string? WhyNotCommand(string name) => CommandsPage.Commands.Any(command => command.Name == name) ? null : $"there is no command {name}";

    // All of an output: what comes next is the next command, or nothing.
    private static bool Shows(string session, string block)
    {
        for (int at = session.IndexOf(block, StringComparison.Ordinal); at >= 0; at = session.IndexOf(block, at + 1, StringComparison.Ordinal))
        {
            string next = session[(at + block.Length)..].TrimStart('\n');
            if (next.Length == 0 || next.StartsWith("$ ", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static Task<Run> ReadAsync(MarkdownBlock block) => block.Language == "yaml"
        ? ForeignProgram.RunAsync("yamllint", ["--strict", "-d", "{extends: relaxed, rules: {line-length: disable}}", "-"], Directory.GetCurrentDirectory(), block.Text)
        : ForeignProgram.RunAsync("python3", ["-c", "import sys, tomllib; tomllib.load(sys.stdin.buffer)"], Directory.GetCurrentDirectory(), block.Text);

    // The attributes of the module's block, or of lines that belong into it.
    private static IEnumerable<string> InputsOf(string hcl)
    {
        int depth = 0;
        bool inModule = hcl.Contains("module \"certificate_authority\"", StringComparison.Ordinal);
        bool isFragment = !Regex.IsMatch(hcl, "^(module|resource|data|provider|terraform|variable|output|locals)\\b", RegexOptions.Multiline);
        foreach (string line in hcl.Split('\n').Select(line => Regex.Replace(line, "\\s*#.*$", "")))
        {
            if (depth == (inModule ? 1 : 0) && (inModule || isFragment) && Attribute().Match(line) is { Success: true } attribute)
            {
                yield return attribute.Groups["name"].Value;
            }

            depth += line.Count(one => one is '{' or '[') - line.Count(one => one is '}' or ']');
        }
    }

    [GeneratedRegex(@"^(?:(?:serverless-ca|aws|openssl|terraform|make|dotnet) [a-z]|(?:\./)?eng/[a-z-]+)")]
    private static partial Regex CommandInText();

    // Words that stand for others, and commands with [options].
    [GeneratedRegex(@"…|\[|ACTION|CA\b.*\|")]
    private static partial Regex Placeholder();

    [GeneratedRegex("^variable \"(?<name>\\w+)\"", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\s*(?<name>\w+)\s*=")]
    private static partial Regex Attribute();
}
