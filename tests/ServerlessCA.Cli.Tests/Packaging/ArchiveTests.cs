using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using ServerlessCA.Cli.Tests.Commands;
using ServerlessCA.Cli.Tests.Support;
using ServerlessCA.Core.Settings;

namespace ServerlessCA.Cli.Tests.Packaging;

/// <summary>Tests the archive with the native program, as <c>make cli</c> packs it.</summary>
public sealed class ArchiveTests
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executing = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static string Name => $"serverless-ca-{ToolTests.Version}-{NativeProgram.Runtime}";

    [Fact]
    public async Task It_holds_the_program_manual_completions_and_licence_and_nothing_of_the_builder()
    {
        Dictionary<string, byte[]> files = [];
        foreach (TarEntry entry in await EntriesAsync())
        {
            Assert.StartsWith($"{Name}/", entry.Name, StringComparison.Ordinal);
            string name = entry.Name[(Name.Length + 1)..];
            Assert.Equal(name == "serverless-ca" ? Executing : Readable, entry.Mode);
            Assert.Equal((0, 0, 1980), (entry.Uid, entry.Gid, entry.ModificationTime.Year));
            files[name] = Content(entry);
        }

        string[] manual = [.. UsageTests.Commands.Select(row => $"man/serverless-ca-{row.Data}.1")];
        string[] expected =
        [
            "serverless-ca", "LICENSE", "NOTICES", "install.md", "man/serverless-ca.1", .. manual,
            "completions/serverless-ca.bash", "completions/_serverless-ca", "completions/serverless-ca.fish", "completions/serverless-ca.ps1",
            .. PublishedSchemas.All.Select(schema => $"schemas/{schema.File}"),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), files.Keys.Where(name => !name.StartsWith("libe_sqlite3.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        string notices = System.Text.Encoding.UTF8.GetString(files["NOTICES"]);
        Assert.All((string[])["BouncyCastle.Cryptography", "AWSSDK.Core", "System.CommandLine", ".NET and ASP.NET Core"], name => Assert.Contains($"\n{name} ", notices, StringComparison.Ordinal));
        Assert.Equal(await File.ReadAllBytesAsync(NativeProgram.Path, TestContext.Current.CancellationToken), files["serverless-ca"]);
    }

    [Fact]
    public async Task Unpacked_it_runs_and_its_pages_and_scripts_are_those_it_writes_itself()
    {
        using var folder = new TemporaryFolder();
        await using (FileStream packed = File.OpenRead(Archive))
        await using (var tar = new GZipStream(packed, CompressionMode.Decompress))
        {
            await TarFile.ExtractToDirectoryAsync(tar, folder.Path, overwriteFiles: false, TestContext.Current.CancellationToken);
        }

        string program = folder.At(Name, "serverless-ca");
        Assert.Equal($"serverless-ca {ToolTests.Version}\n", await RunAsync("--version"));
        Assert.Equal(folder.Read(Name, "man", "serverless-ca.1"), await RunAsync("help", "--man"));
        Assert.Equal(folder.Read(Name, "man", "serverless-ca-request.1"), await RunAsync("help", "request", "--man"));
        Assert.Equal(folder.Read(Name, "completions", "serverless-ca.bash"), await RunAsync("completion", "bash"));
        Assert.Equal(folder.Read(Name, "schemas", "tls.json"), await RunAsync("schema", "tls"));
        Assert.Contains("create-root-ca     done", await RunAsync("run"), StringComparison.Ordinal);

        async Task<string> RunAsync(params string[] arguments)
        {
            using System.Diagnostics.Process process = Executable.Launch([program, .. arguments], folder.Path);
            return (await Executable.ResultOfAsync(process)).Done().Output;
        }
    }

    [Fact]
    public async Task Its_digest_is_beside_it()
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Archive, TestContext.Current.CancellationToken)));

        Assert.Equal($"{digest}  {Name}.tar.gz\n", await File.ReadAllTextAsync($"{Archive}.sha256", TestContext.Current.CancellationToken));
    }

    private static string Archive
    {
        get
        {
            _ = NativeProgram.Path; // skips the test where there is none, or an old one
            return Repository.At("artifacts", "cli", $"{Name}.tar.gz");
        }
    }

    private static async Task<List<TarEntry>> EntriesAsync()
    {
        await using FileStream packed = File.OpenRead(Archive);
        await using var unzipped = new GZipStream(packed, CompressionMode.Decompress);
        await using var tar = new TarReader(unzipped);
        var entries = new List<TarEntry>();
        while (await tar.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken) is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static byte[] Content(TarEntry entry)
    {
        using var content = new MemoryStream();
        entry.DataStream!.CopyTo(content);
        return content.ToArray();
    }
}
