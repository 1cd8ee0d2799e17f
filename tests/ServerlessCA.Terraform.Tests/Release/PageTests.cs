using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServerlessCA.Emulators.RuntimeApi;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Release;

/// <summary>Runs the lines of Terraform that pages show, taken from them, with the archive of a release where they use
/// it. Only the host of the address differs.</summary>
public sealed partial class PageTests(ReleaseArchive archive)
{
    private const string Host = "https://github.com";

    // The provider settings that a person has in the configuration or in AWS_REGION.
    private const string Provider = """
        provider "aws" {
          region = "eu-west-2"
        }
        """;

    public static TheoryData<string> Pages => ["README.md", "docs/aws/getting-started.md", "terraform/README.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Pages_name_the_archive_of_the_version_that_the_sources_are(string page) =>
        Assert.Equal(
            $"{Host}/your-organisation/serverless-ca/releases/download/v{ReleaseArchive.Version}/{ReleaseArchive.Name}",
            SourceIn(LinesOf(page)));

    [Fact]
    public async Task The_lines_of_the_README_plan_and_apply_from_a_release_and_a_second_plan_is_empty()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        string lines = LinesOf("README.md");
        await using Download download = await Download.StartAsync(new Uri(SourceIn(lines)).AbsolutePath, await archive.PathAsync());
        await using Workspace workspace = Workspace.Empty()
            .With("main.tf", lines.Replace(Host, download.Address, StringComparison.Ordinal))
            .With("provider.tf", Provider);

        await workspace.DoAsync("init", "-input=false", "-no-color");
        await workspace.DoAsync("plan", "-out=plan", "-input=false", "-no-color");
        string applied = await workspace.DoAsync("apply", "-input=false", "-no-color", "plan");
        Run second = await workspace.RunAsync("plan", "-detailed-exitcode", "-input=false", "-no-color");

        Assert.Matches(Added(), applied);
        Assert.True(second.ExitCode == 0, second.Text); // 2 means that there are changes
    }

    [Fact]
    public async Task An_example_works_where_the_archive_has_it()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = Workspace.At(await archive.UnpackAsync(), "examples/default");

        await workspace.DoAsync("init", "-input=false", "-no-color");
        string planned = await workspace.DoAsync("plan", "-input=false", "-no-color");

        Assert.Matches(Planned(), planned);
    }

    [Fact]
    public async Task A_zip_that_is_missing_is_named_once_and_nothing_else_is_said()
    {
        TerraformProgram.SkipUnlessPlansWithoutAws();
        await using Workspace workspace = Workspace.At(await archive.UnpackAsync(leftOut: "package/serverless-ca-linux-x64.zip"), "examples/default");
        await workspace.DoAsync("init", "-input=false", "-no-color");

        Run plan = await workspace.RunAsync("plan", "-input=false", "-no-color");

        Assert.Equal(1, plan.ExitCode);
        Assert.Equal(1, Error().Count(plan.Errors));
        Assert.Equal(1, Missing().Count(plan.Errors));
    }

    private static string LinesOf(string page) => Assert.Single(
        Block().Matches(File.ReadAllText(Repository.At(page))).Select(match => match.Groups[1].Value),
        block => block.Contains("module \"certificate_authority\"", StringComparison.Ordinal));

    private static string SourceIn(string lines) => Source().Match(lines).Groups[1].Value;

    [GeneratedRegex("^```hcl\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("source += \"([^\"]+)\"")]
    private static partial Regex Source();

    [GeneratedRegex(@"Apply complete! Resources: [1-9]\d+ added, 0 changed, 0 destroyed")]
    private static partial Regex Added();

    [GeneratedRegex(@"Plan: [1-9]\d+ to add, 0 to change, 0 to destroy")]
    private static partial Regex Planned();

    [GeneratedRegex("^Error: ", RegexOptions.Multiline)]
    private static partial Regex Error();

    [GeneratedRegex(@"There\s+is\s+no\s+zip\s+of\s+the\s+functions\s+for\s+x86_64")]
    private static partial Regex Missing();
}

/// <summary>Serves downloads on loopback: one file, at the path that pages name.</summary>
internal sealed class Download : IAsyncDisposable
{
    private readonly WebApplication server;

    private Download(WebApplication server) => this.server = server;

    /// <summary>The server's address without a path.</summary>
    public string Address => LoopbackApplication.AddressOf(server).GetLeftPart(UriPartial.Authority);

    /// <summary>Serves a file at a path, and nothing else.</summary>
    public static async Task<Download> StartAsync(string path, string file) => new(await LoopbackApplication.StartAsync(async context =>
    {
        if (context.Request.Path != path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentLength = new FileInfo(file).Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.SendFileAsync(file, context.RequestAborted);
        }
    }));

    public async ValueTask DisposeAsync() => await LoopbackApplication.StopAsync(server);
}
