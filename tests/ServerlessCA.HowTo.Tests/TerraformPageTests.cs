namespace ServerlessCA.HowTo.Tests;

/// <summary>Tests that Terraform accepts the configurations of the how-to pages.</summary>
public sealed class TerraformPageTests
{
    public static TheoryData<string> Pages => [.. IndexTests.Pages.Select(page => page.Data).Where(page => HowToPage.Read(page).Blocks.Any(block => block.Language == "hcl"))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_configuration_is_formatted(string page)
    {
        using TemporaryFolder folder = Write(page);

        // It may warn of its own settings on this machine: the exit code says whether a file differs.
        (int exitCode, string output) = ForeignProgram.RunIn(folder.Path, "terraform", "fmt", "-check", "-diff");
        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_configuration_is_valid(string page)
    {
        Assert.SkipUnless(File.Exists(Environment.GetEnvironmentVariable("TF_CLI_CONFIG_FILE")), "TF_CLI_CONFIG_FILE names no stand-in for the AWS provider");
        using TemporaryFolder folder = Write(page);
        folder.Write("ca-bundle.pem", "");

        ForeignProgram.OutputIn(folder.Path, "terraform", "init", "-backend=false", "-no-color");

        Assert.Contains("The configuration is valid", ForeignProgram.OutputIn(folder.Path, "terraform", "validate", "-no-color"), StringComparison.Ordinal);
    }

    [Fact]
    public void Four_pages_have_one() => Assert.Equal(["alb", "api-gateway", "cloudfront", "iam-roles-anywhere"], Pages.Select(page => page.Data));

    private static TemporaryFolder Write(string page)
    {
        ForeignProgram.SkipUnlessInstalled("terraform");
        var folder = new TemporaryFolder();
        foreach (HowToBlock block in HowToPage.Read(page).Blocks.Where(block => block.Language == "hcl"))
        {
            folder.Write(block.File!, block.Text);
        }

        return folder;
    }
}
