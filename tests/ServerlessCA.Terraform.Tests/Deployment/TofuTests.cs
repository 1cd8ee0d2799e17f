using System.Text.RegularExpressions;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Deployment;

/// <summary>Checks that the required version of OpenTofu is stated where OpenTofu and people look, and asks OpenTofu
/// itself if it is installed.</summary>
public sealed partial class TofuTests
{
    private static readonly string Module = Repository.At("terraform");

    // `removed` takes a lifecycle block since OpenTofu 1.10, references to other variables in validations since 1.9.
    [Fact]
    public async Task OpenTofu_1_10_or_later_loads_the_module_and_an_older_one_is_refused()
    {
        string terraform = await ReadAsync("versions.tf");
        string tofu = await ReadAsync("versions.tofu"); // OpenTofu reads this file instead

        Assert.Contains("required_version = \">= 1.10\"", tofu, StringComparison.Ordinal);
        Assert.Equal(WithoutVersion(terraform), WithoutVersion(tofu));
        Assert.Matches(RemovedWithLifecycle(), await ReadAsync("moved.tf"));
        foreach (string page in (string[])["getting-started.md", "moving.md"])
        {
            string text = await File.ReadAllTextAsync(Repository.At("docs", "aws", page), TestContext.Current.CancellationToken);
            Assert.Contains("OpenTofu 1.10 or later", text, StringComparison.Ordinal);
        }

        if (ForeignProgram.IsInstalled("tofu"))
        {
            await using Workspace workspace = Workspace.Of("terraform");
            Run layout = await Run.OfAsync("tofu", workspace.Folder, ["fmt", "-check", "-recursive", "-no-color"]);
            Run loaded = await Run.OfAsync("tofu", workspace.Folder, ["get", "-no-color"]); // reads every block, and needs no provider
            Assert.True(layout.ExitCode == 0 && loaded.ExitCode == 0, $"{layout.Text}\n{loaded.Text}");
        }
    }

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(Path.Combine(Module, file), TestContext.Current.CancellationToken);

    private static string WithoutVersion(string file) =>
        string.Join('\n', file.Split('\n').Where(line => !line.StartsWith('#') && !line.Contains("required_version", StringComparison.Ordinal)));

    [GeneratedRegex(@"removed \{\s+from = \S+\s+lifecycle \{")]
    private static partial Regex RemovedWithLifecycle();
}
