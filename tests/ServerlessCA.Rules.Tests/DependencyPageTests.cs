using System.Text.Json;
using System.Text.RegularExpressions;

namespace ServerlessCA.Rules.Tests;

/// <summary><c>docs/dependencies.md</c> names all that is shipped of others, and lock files hold all that is restored.</summary>
public sealed partial class DependencyPageTests
{
    private static readonly string[] Allowed = ["Apache-2.0", "MIT"];

    // What builds need and programs do not contain.
    private static readonly string[] Tools = ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.NET.ILLink.Tasks", "Microsoft.DotNet.ILCompiler"];

    private static readonly (string Package, bool InFunctions, string Licence)[] Rows =
    [
        .. File.ReadLines(Repository.At("docs", "dependencies.md")).Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => (row.Groups["package"].Value, row.Groups["functions"].Value == "yes", row.Groups["licence"].Value)),
    ];

    [Fact]
    public void Every_package_that_is_shipped_is_on_the_page_and_no_other()
    {
        string[] functions = Shipped("ServerlessCA.Lambda");
        string[] all = [.. Shipped("ServerlessCA.Cli").Union(functions).Order(StringComparer.Ordinal)];

        Assert.True(all.Length > 10, $"{all.Length} packages");
        Assert.Equal(all, Rows.Select(row => row.Package));
        Assert.Equal(functions, Rows.Where(row => row.InFunctions).Select(row => row.Package));
    }

    [Theory]
    [InlineData("ServerlessCA.Cli")]
    [InlineData("ServerlessCA.Lambda")]
    public void Every_licence_is_what_the_package_says_and_one_that_is_allowed(string project)
    {
        using JsonDocument assets = JsonDocument.Parse(File.ReadAllText(Repository.At("src", project, "obj", "project.assets.json")));
        string folder = assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
        (string Package, string Licence)[] said = [.. assets.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package")
            .Select(library => (Package: library.Name.Split('/')[0], Folder: Path.Combine(folder, library.Value.GetProperty("path").GetString()!)))
            .Where(library => Rows.Any(row => row.Package == library.Package))
            .Select(library => (library.Package, Licence().Match(File.ReadAllText(Directory.GetFiles(library.Folder, "*.nuspec").Single())).Groups[1].Value))];

        Assert.NotEmpty(said);
        Assert.All(said, one => Assert.Equal(Rows.Single(row => row.Package == one.Package).Licence, one.Licence));
        Assert.All(Rows, row => Assert.Contains(row.Licence, Allowed));
        Assert.Contains("KNOWN = {\"MIT\", \"Apache-2.0\"}", File.ReadAllText(Repository.At("eng", "notices")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_project_has_a_lock_file_with_hashes_and_none_names_a_registry()
    {
        string[] projects = [.. new[] { "src", "tests", "benchmarks" }.SelectMany(folder => Directory.GetDirectories(Repository.At(folder)))
            .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())];

        Assert.True(projects.Length > 20, $"{projects.Length} projects");
        Assert.All(projects, project =>
        {
            string text = File.ReadAllText(Path.Combine(project, "packages.lock.json"));
            Assert.DoesNotContain("://", text, StringComparison.Ordinal);
            Assert.All(Packages(text), package => Assert.Equal(64, Convert.FromBase64String(package.Value.GetProperty("contentHash").GetString()!).Length));
        });
        Assert.All(new[] { "judges", "emulators", "browser" }, folder =>
        {
            string text = File.ReadAllText(Repository.At("tests", folder, "package-lock.json"));
            Assert.Contains("\"integrity\": \"sha512-", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"resolved\": \"http", text, StringComparison.Ordinal);
        });
    }

    private static string[] Shipped(string project) => [.. Packages(File.ReadAllText(Repository.At("src", project, "packages.lock.json")))
        .Select(package => package.Name).Except(Tools, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static JsonProperty[] Packages(string lockFile) => [.. JsonDocument.Parse(lockFile).RootElement.GetProperty("dependencies").GetProperty("net10.0")
        .EnumerateObject().Where(package => package.Value.GetProperty("type").GetString() != "Project")];

    [GeneratedRegex(@"^\| (?<package>[A-Z][\w.]+) \| (?<functions>yes|no) \| (?<licence>[^|]+) \| [^|]+ \|$")]
    private static partial Regex Row();

    [GeneratedRegex("<license type=\"expression\">([^<]+)</license>")]
    private static partial Regex Licence();
}
