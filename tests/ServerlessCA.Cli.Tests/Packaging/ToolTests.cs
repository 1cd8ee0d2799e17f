using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Packaging;

/// <summary>Tests the .NET tool, as <c>make cli</c> packs it.</summary>
public sealed class ToolTests
{
    /// <summary>The version, read from the one place that defines it.</summary>
    public static string Version { get; } =
        XDocument.Load(Repository.At("Directory.Build.props")).Descendants("Version").Single().Value;

    private static string Package
    {
        get
        {
            string package = Repository.At("artifacts", "cli", $"ServerlessCA.Cli.{Version}.nupkg");
            Assert.SkipUnless(File.Exists(package), "the tool is not packed: eng/cli tool");
            Assert.SkipUnless(File.GetLastWriteTimeUtc(package) >= Sources.Newest, "the tool was packed from older sources: eng/cli tool");
            return package;
        }
    }

    [Fact]
    public async Task Installed_from_its_folder_alone_it_works()
    {
        OpenSsl.IsNeeded();
        using var folder = new TemporaryFolder();
        folder.Write("feed/.keep", "");
        File.Copy(Package, folder.At("feed", Path.GetFileName(Package)));
        folder.Write("nuget.config", """<configuration><packageSources><clear/><add key="feed" value="feed"/></packageSources></configuration>""");

        // The tool gets caches of its own, so that no earlier package of the same version is installed.
        string[] environment = ["env", $"NUGET_PACKAGES={folder.At("packages")}", "DOTNET_NOLOGO=1", "DOTNET_CLI_TELEMETRY_OPTOUT=1"];
        (await RunAsync([.. environment, "dotnet", "tool", "install", "ServerlessCA.Cli", "--tool-path", "tools", "--configfile", "nuget.config"])).Done();

        string program = folder.At("tools", "serverless-ca");
        Assert.Equal($"serverless-ca {Version}\n", (await RunAsync([program, "--version"])).Done().Output);
        (await RunAsync([program, "run", Repository.At("examples", "gitops", "dev")])).Done();
        (await RunAsync([program, "request", "--common-name", "client.example.com", "--out", "certs"])).Done();
        string list = (await RunAsync([program, "list"])).Done().Output;
        Assert.Contains("client.example.com", list, StringComparison.Ordinal);
        Assert.Contains("www.example.com", list, StringComparison.Ordinal);
        OpenSsl.Verify(folder.At("certs", "client-cert.pem"), folder.At("certs", "ca-bundle.pem"));

        async Task<Result> RunAsync(string[] command)
        {
            using Process process = Executable.Launch(command, folder.Path);
            return await Executable.ResultOfAsync(process);
        }
    }

    [Fact]
    public async Task Its_package_says_what_it_is()
    {
        using ZipArchive package = await ZipFile.OpenReadAsync(Package, TestContext.Current.CancellationToken);
        await using Stream specification = await package.GetEntry("ServerlessCA.Cli.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        XDocument nuspec = await XDocument.LoadAsync(specification, LoadOptions.None, TestContext.Current.CancellationToken);

        Assert.Equal(Version, Value("version"));
        Assert.Equal("Apache-2.0", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.NotEqual("Package Description", Value("description"));
        Assert.Contains(package.Entries, entry => entry.FullName == "README.md");
        Assert.All(package.Entries, entry => Assert.Equal(1980, entry.LastWriteTime.Year)); // no time of the build

        string Value(string name) => nuspec.Descendants().Single(element => element.Name.LocalName == name).Value;
    }
}
