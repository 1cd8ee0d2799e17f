using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Deployment;

public sealed class LayoutTests
{
    [Fact]
    public async Task Files_are_laid_out_as_Terraform_does()
    {
        TerraformProgram.SkipUnlessInstalled();

        Run module = await Run.OfAsync("terraform", Repository.At("terraform"), ["fmt", "-check", "-recursive", "-no-color"]);
        Run examples = await Run.OfAsync("terraform", Repository.At("examples"), ["fmt", "-check", "-recursive", "-no-color"]);

        Assert.Equal((0, "", 0, ""), (module.ExitCode, module.Output, examples.ExitCode, examples.Output));
    }

    [Fact]
    public async Task The_module_is_valid()
    {
        await TerraformProgram.SkipUnlessProviderAsync();
        await using Workspace workspace = Workspace.Of("terraform");
        await workspace.DoAsync("init", "-backend=false", "-input=false", "-no-color");

        string output = await workspace.DoAsync("validate", "-no-color");

        Assert.Contains("Success!", output, StringComparison.Ordinal);
    }
}
