using System.Security.Cryptography;
using System.Text.Json;
using ServerlessCA.Cli.Tests.Support;

namespace ServerlessCA.Cli.Tests.Packaging;

/// <summary>Tests what a release states about itself: its bill of materials and its provenance.</summary>
public sealed class StatementTests
{
    [Fact]
    public void A_bill_of_materials_names_what_the_program_contains_and_nothing_of_the_moment()
    {
        _ = NativeProgram.Path; // skips unless the command line was published for one system
        using var folder = new TemporaryFolder();
        Done("sh", "-c", $"cd '{Repository.At()}' && dotnet tool restore");

        string[] made = [.. ((string[])["one.json", "two.json"]).Select(name =>
        {
            Done("env", "SOURCE_DATE_EPOCH=1700000000", Repository.At("eng", "sbom"), "ServerlessCA.Cli", folder.At(name));
            return folder.Read(name);
        })];

        Assert.Equal(made[0], made[1]);
        JsonElement bom = JsonElement.Parse(made[0]);
        string[] components = [.. bom.GetProperty("components").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];
        Assert.Equal("CycloneDX", bom.GetProperty("bomFormat").GetString());
        Assert.Equal("2023-11-14T22:13:20Z", bom.GetProperty("metadata").GetProperty("timestamp").GetString());
        Assert.Equal(ToolTests.Version, bom.GetProperty("metadata").GetProperty("component").GetProperty("version").GetString());
        Assert.False(bom.TryGetProperty("serialNumber", out _));
        Assert.Empty(Locked().Append(".NET and ASP.NET Core").Except(components, StringComparer.Ordinal));
        Assert.DoesNotContain("Microsoft.CodeAnalysis.BannedApiAnalyzers", components);
        Assert.All(bom.GetProperty("components").EnumerateArray(), one => Assert.True(one.GetProperty("licenses").GetArrayLength() > 0, one.ToString()));
    }

    [Fact]
    public void Provenance_has_the_digest_of_every_file_the_commit_and_every_package()
    {
        _ = NativeProgram.Path;
        (int isClone, string commit) = ForeignProgram.Run("git", "-C", Repository.At(), "rev-parse", "HEAD");
        Assert.SkipUnless(isClone == 0, "these sources are no clone of the repository");
        using var folder = new TemporaryFolder();
        folder.Write("release/one.zip", "one");
        folder.Write("sysroot/packages", $"{new string('a', 64)}  libc6_2.36-9_arm64.deb\n");

        Done("env", $"SERVERLESS_CA_SYSROOT={folder.At("sysroot")}", Repository.At("eng", "provenance"), "1.2.3", folder.At("release"), folder.At("made.json"));

        JsonElement statement = JsonElement.Parse(folder.Read("made.json"));
        JsonElement subject = Assert.Single(statement.GetProperty("subject").EnumerateArray());
        JsonElement[] materials = [.. statement.GetProperty("predicate").GetProperty("buildDefinition").GetProperty("resolvedDependencies").EnumerateArray()];
        Assert.Equal("https://in-toto.io/Statement/v1", statement.GetProperty("_type").GetString());
        Assert.Equal("https://slsa.dev/provenance/v1", statement.GetProperty("predicateType").GetString());
        Assert.Equal(
            ("one.zip", Convert.ToHexStringLower(SHA256.HashData("one"u8))),
            (subject.GetProperty("name").GetString(), subject.GetProperty("digest").GetProperty("sha256").GetString()));
        Assert.StartsWith(commit.Trim(), materials[0].GetProperty("digest").GetProperty("gitCommit").GetString(), StringComparison.Ordinal);
        string[] uris = [.. materials.Select(material => material.GetProperty("uri").GetString()!)];
        Assert.Contains(uris, uri => uri.StartsWith("pkg:nuget/BouncyCastle.Cryptography@", StringComparison.Ordinal));
        Assert.Contains("pkg:deb/debian/libc6@2.36-9?arch=arm64", uris);
    }

    // The packages of the lock file, but for what builds need and programs do not contain.
    private static IEnumerable<string> Locked() => JsonElement.Parse(File.ReadAllText(Repository.At("src", "ServerlessCA.Cli", "packages.lock.json")))
        .GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
        .Where(package => package.Value.GetProperty("type").GetString() != "Project").Select(package => package.Name)
        .Except(["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.NET.ILLink.Tasks"], StringComparer.Ordinal);

    private static void Done(string program, params string[] arguments)
    {
        (int exit, string text) = ForeignProgram.Run(program, arguments);
        Assert.True(exit == 0, $"{program} {string.Join(' ', arguments)}: {text}");
    }
}
