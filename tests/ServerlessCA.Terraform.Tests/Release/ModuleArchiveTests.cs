using System.IO.Compression;
using ServerlessCA.Terraform.Tests.Deployment;
using ServerlessCA.Terraform.Tests.Tool;

namespace ServerlessCA.Terraform.Tests.Release;

/// <summary>Checks what is in the module's archive.</summary>
public sealed class ModuleArchiveTests(ReleaseArchive archive)
{
    [Fact]
    public async Task The_module_is_at_its_root_with_both_zips_examples_and_licences_and_nothing_of_its_tests()
    {
        using ZipArchive zip = await ZipFile.OpenReadAsync(await archive.PathAsync(), TestContext.Current.CancellationToken);
        string[] names = [.. zip.Entries.Select(entry => entry.FullName)];

        string[] module = [.. ModuleFiles()];
        Assert.True(module.Length > 20);
        Assert.Empty(module.Except(names));
        Assert.Empty(((string[])["LICENSE", "NOTICES", "README.md", "package/serverless-ca-linux-x64.zip", "package/serverless-ca-linux-arm64.zip"]).Except(names));
        Assert.Contains("examples/default/certs/dev/csrs/web.csr", names);
        Assert.DoesNotContain(names, name => name.Contains("tests/", StringComparison.Ordinal) || name.Contains("/.", StringComparison.Ordinal)
            || name.StartsWith('.') || name.Contains("tfstate", StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal));
        Assert.All(zip.Entries, entry => Assert.Equal(1980, entry.LastWriteTime.Year));
    }

    [Fact]
    public async Task Its_zips_are_those_that_were_given()
    {
        string functions = archive.Functions(ReleaseArchive.Runtimes);
        string unpacked = await archive.UnpackAsync();

        foreach (string name in ReleaseArchive.Runtimes.Select(runtime => $"serverless-ca-{runtime}.zip"))
        {
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(functions, name), TestContext.Current.CancellationToken),
                await File.ReadAllBytesAsync(Path.Combine(unpacked, "package", name), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Its_pages_link_to_nothing_that_is_not_there()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(await archive.UnpackAsync(), "README.md"), TestContext.Current.CancellationToken);

        Assert.DoesNotContain("](..", page, StringComparison.Ordinal);
        Assert.Contains($"/blob/v{ReleaseArchive.Version}/docs/aws/README.md)", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_files_give_the_same_bytes()
    {
        string again = Path.Combine(archive.Functions(), "again.zip");

        Run run = await ReleaseArchive.PackAsync(archive.Functions(ReleaseArchive.Runtimes), again);

        Assert.True(run.ExitCode == 0, run.Text);
        Assert.Equal(
            await File.ReadAllBytesAsync(await archive.PathAsync(), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(again, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_the_zip_for_arm64_nothing_is_packed()
    {
        ForeignProgram.SkipUnlessInstalled("python3");
        string half = Path.Combine(archive.Functions(), "half.zip");

        Run run = await ReleaseArchive.PackAsync(archive.Functions("linux-x64"), half);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("has no zip of the functions for linux-arm64\nhint: eng/lambda linux-arm64", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(half)!));
    }

    private static IEnumerable<string> ModuleFiles() =>
        from kind in (string[])["*.tf", "*.tofu", "*.tftpl"]
        from file in Directory.EnumerateFiles(Repository.At("terraform"), kind, SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Repository.At("terraform"), file)
        where !name.Contains(".terraform", StringComparison.Ordinal)
        select name;
}

/// <summary>Checks the version that the functions show.</summary>
public sealed class ModuleVersionTests(DeployedModule module)
{
    [Fact]
    public async Task A_function_shows_the_version_in_its_description_and_in_a_tag_and_nothing_else_has_the_tag()
    {
        IReadOnlyList<Resource> resources = await module.ResourcesAsync();
        Resource[] functions = [.. resources.Where(resource => resource.Type == "aws_lambda_function")];

        Assert.Equal(7, functions.Length);
        Assert.All(functions, function =>
        {
            Assert.EndsWith($" (Serverless CA {ReleaseArchive.Version})", function.Text("description"), StringComparison.Ordinal);
            Assert.Equal(ReleaseArchive.Version, function.Values.GetProperty("tags").GetProperty("serverless-ca-version").GetString());
        });
        Assert.DoesNotContain(resources.Except(functions), resource => resource.Values.GetRawText().Contains("serverless-ca-version", StringComparison.Ordinal));
    }
}
