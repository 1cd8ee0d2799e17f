using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ServerlessCA.Cli.Tests.Served;

namespace ServerlessCA.Cli.Tests.Packaging;

/// <summary>Runs <c>eng/audit</c> over a tree of two projects whose packages, and the advisories about them, are planted in
/// registries on this machine: the real clients of NuGet and npm ask them.</summary>
public sealed class AuditTests : IDisposable
{
    private const string Shipped = "Planted.Shipped"; // of ServerlessCA.Cli
    private const string Test = "Planted.Test"; // of a test project
    private const string Npm = "planted-judge";

    private static readonly string[] Severities = ["low", "moderate", "high", "critical"]; // NuGet's 0 to 3

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "high", 0)]
    [InlineData("--strict", "moderate", 0)]
    [InlineData("--strict", "high", 1)]
    public async Task Advisories_are_named_and_grave_ones_about_what_is_shipped_stop_a_release(string option, string severity, int exitCode)
    {
        ForeignProgram.SkipUnlessInstalled("python3");
        ForeignProgram.SkipUnlessInstalled("npm");
        await using OddServer registry = await RegistryAsync(severity);
        Plant(registry.Url + "/index.json");

        Run run = await AuditAsync(registry.Url, option);

        Assert.True(run.ExitCode == exitCode, run.Text);
        Assert.Contains($"advisory: {severity}: Package '{Shipped}' 1.0.0 has a known {severity} severity vulnerability, https://advisories.example/{Shipped} (ServerlessCA.Cli)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"advisory: critical: Package '{Test}' 1.0.0 has a known critical severity vulnerability, https://advisories.example/{Test} (Planted.Tests)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("advisories: NuGet's packages of 2 projects are audited: 2 known\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"advisory: {Npm}: critical (tests/judges, for tests alone)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("advisories: npm's packages of tests/browser are audited: 0 known\n", run.Output, StringComparison.Ordinal);
        string error = exitCode == 0 ? "" : $"error: what is shipped has grave advisories: high: Package '{Shipped}'";
        Assert.StartsWith(error, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Test, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_lists_no_advisories_or_does_not_answer_is_named_and_nothing_counts_as_audited()
    {
        ForeignProgram.SkipUnlessInstalled("python3");
        ForeignProgram.SkipUnlessInstalled("npm");
        await using OddServer bare = await OddServer.StartAsync(200, """{"version":"3.0.0","resources":[]}""");
        string silent = $"http://127.0.0.1:{FreePorts.Next()}/index.json";
        Plant(bare.Url + "/index.json", silent);

        Run run = await AuditAsync(silent, "--strict");

        Assert.True(run.ExitCode == 0, run.Text);
        Assert.Contains($"advisories: NuGet's packages are not audited by {bare.Url}/index.json: it lists no advisories\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"advisories: NuGet's packages are not audited by {silent}: it does not answer (", run.Output, StringComparison.Ordinal);
        Assert.Contains("advisories: npm's packages of tests/judges are not audited by the registry: ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("tests/judges are audited", run.Output, StringComparison.Ordinal); // the other folders have no packages to ask about
        Assert.DoesNotContain("projects are audited", run.Output, StringComparison.Ordinal);
    }

    private async Task<Run> AuditAsync(string npmRegistry, string option) => await ForeignProgram.RunAsync(
        "python3", [folder.At("eng", "audit"), .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)], folder.Path, variables: new Dictionary<string, string>
        {
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["NUGET_PACKAGES"] = folder.At("packages"),
            ["NUGET_HTTP_CACHE_PATH"] = folder.At("http"),
            ["NUGET_SCRATCH"] = folder.At("scratch"),
            ["NO_PROXY"] = "127.0.0.1",
            ["no_proxy"] = "127.0.0.1",
            ["npm_config_registry"] = npmRegistry,
            ["npm_config_cache"] = folder.At("npm"),
            ["npm_config_fetch_retries"] = "0",
        });

    // The script looks for everything from the folder above its own.
    private void Plant(params string[] feeds)
    {
        folder.Write("eng/audit", File.ReadAllText(Repository.At("eng", "audit")));
        folder.Write("NuGet.config", $"""
            <configuration>
              <packageSources>
                <clear />
                {string.Concat(feeds.Select((feed, at) => $"<add key=\"planted{at}\" value=\"{feed}\" allowInsecureConnections=\"true\" />"))}
              </packageSources>
            </configuration>
            """);
        folder.Write("ServerlessCA.slnx", """
            <Solution>
              <Project Path="src/ServerlessCA.Cli/ServerlessCA.Cli.csproj" />
              <Project Path="tests/Planted.Tests/Planted.Tests.csproj" />
            </Solution>
            """);
        folder.Write("src/ServerlessCA.Cli/ServerlessCA.Cli.csproj", Project(Shipped));
        folder.Write("tests/Planted.Tests/Planted.Tests.csproj", Project(Test));
        foreach (string name in (string[])["judges", "emulators", "browser"])
        {
            string[] used = name == "judges" ? [Npm] : [];
            Dictionary<string, object> packages = used.ToDictionary(one => $"node_modules/{one}", object (_) => new { version = "1.0.0" });
            packages[""] = new { name, dependencies = used.ToDictionary(one => one, _ => "1.0.0") };
            folder.Write($"tests/{name}/package.json", JsonSerializer.Serialize(packages[""]));
            folder.Write($"tests/{name}/package-lock.json", JsonSerializer.Serialize(new { name, lockfileVersion = 3, packages }));
        }
    }

    private static string Project(string package) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
          <ItemGroup><PackageReference Include="{package}" Version="1.0.0" /></ItemGroup>
        </Project>
        """;

    // The protocols: https://learn.microsoft.com/nuget/api/vulnerability-info, https://docs.npmjs.com/cli/commands/npm-audit.
    private static async Task<OddServer> RegistryAsync(string severity)
    {
        OddServer? registry = null;
        registry = await OddServer.StartAsync(context =>
        {
            string url = registry!.Url;
            object? answer = context.Request.Path.Value switch
            {
                "/index.json" => new
                {
                    version = "3.0.0",
                    resources = new[] { Resource($"{url}/flat/", "PackageBaseAddress/3.0.0"), Resource($"{url}/advisories.json", "VulnerabilityInfo/6.7.0") },
                },
                "/advisories.json" => new[] { new Dictionary<string, string> { ["@name"] = "all", ["@id"] = $"{url}/all.json", ["@updated"] = "2030-01-02T00:00:00Z" } },
                "/all.json" => new Dictionary<string, object>
                {
                    [Shipped] = new[] { new { severity = Array.IndexOf(Severities, severity), url = $"https://advisories.example/{Shipped}", versions = "[1.0.0, 2.0.0)" } },
                    [Test] = new[] { new { severity = 3, url = $"https://advisories.example/{Test}", versions = "[1.0.0, 2.0.0)" } },
                },
                "/-/npm/v1/security/advisories/bulk" => new Dictionary<string, object>
                {
                    [Npm] = new[] { new { id = 1, url = "https://advisories.example/npm", title = "planted", severity = "critical", vulnerable_versions = "<2.0.0" } },
                },
                $"/{Npm}" => new { name = Npm, versions = new Dictionary<string, object> { ["1.0.0"] = new { name = Npm, version = "1.0.0" } } },
                { } path when path.EndsWith("/index.json", StringComparison.Ordinal) => new { versions = new[] { "1.0.0" } },
                _ => null,
            };
            byte[] body = answer is not null ? JsonSerializer.SerializeToUtf8Bytes(answer) : Package(context.Request.Path.Value!.Split('/')[2]);
            return context.Response.Body.WriteAsync(body).AsTask();
        });
        return registry;
    }

    private static Dictionary<string, string> Resource(string id, string type) => new() { ["@id"] = id, ["@type"] = type };

    // NuGet asks in lower case for /flat/NAME/VERSION/NAME.VERSION.nupkg.
    private static byte[] Package(string name)
    {
        string id = name.Equals(Shipped, StringComparison.OrdinalIgnoreCase) ? Shipped : Test;
        using var octets = new MemoryStream();
        using (var zip = new ZipArchive(octets, ZipArchiveMode.Create))
        {
            using (var written = new StreamWriter(zip.CreateEntry($"{id}.nuspec").Open(), Encoding.UTF8))
            {
                written.Write($"""
                    <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                      <metadata><id>{id}</id><version>1.0.0</version><authors>planted</authors><description>planted</description></metadata>
                    </package>
                    """);
            }

            zip.CreateEntry("lib/net10.0/_._");
        }

        return octets.ToArray();
    }
}
