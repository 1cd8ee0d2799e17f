using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ServerlessCA.Lambda.Tests.Support;

namespace ServerlessCA.Lambda.Tests.Building;

/// <summary>Checks the binary and its zip as <c>make lambda</c> builds them.</summary>
public sealed partial class BinaryTests
{
    // provided.al2023 is Amazon Linux 2023, which has glibc 2.34.
    private static readonly Version Newest = new(2, 34);

    [Fact]
    public async Task It_needs_nothing_newer_than_glibc_2_34()
    {
        ForeignProgram.SkipUnlessInstalled("objdump", "binutils");

        string symbols = await ForeignProgram.OutputAsync("objdump", ["-T", PublishedBinary.Path]);

        Version[] versions = [.. Glibc().Matches(symbols).Select(match => Version.Parse(match.Groups[1].Value)).Distinct()];
        Assert.NotEmpty(versions);
        Assert.All(versions, version => Assert.True(version <= Newest, $"GLIBC_{version}"));
    }

    [Fact]
    public async Task It_is_linked_with_the_C_library_alone()
    {
        ForeignProgram.SkipUnlessInstalled("objdump", "binutils");

        string headers = await ForeignProgram.OutputAsync("objdump", ["-p", PublishedBinary.Path]);

        string[] needed = [.. Needed().Matches(headers).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(needed);
        Assert.Empty(needed.Except(
            ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"]));
    }

    [Fact]
    public async Task The_zip_holds_an_executable_bootstrap_of_no_date_and_its_digest_is_beside_it()
    {
        string binary = PublishedBinary.Path;
        string zip = Repository.At("artifacts", "lambda", $"serverless-ca-{Path.GetFileName(Path.GetDirectoryName(binary))}.zip");
        Assert.SkipUnless(File.Exists(zip), "the zip is not built: make lambda");
        byte[] bytes = await File.ReadAllBytesAsync(zip, TestContext.Current.CancellationToken);
        using ZipArchive archive = new(new MemoryStream(bytes), ZipArchiveMode.Read);

        ZipArchiveEntry entry = Assert.Single(archive.Entries);
        using var content = new MemoryStream();
        using (Stream stream = entry.Open())
        {
            await stream.CopyToAsync(content, TestContext.Current.CancellationToken);
        }

        Assert.Equal("bootstrap", entry.FullName);
        Assert.Equal(Convert.ToInt32("100755", 8), entry.ExternalAttributes >> 16 & 0xFFFF);
        Assert.Equal(1980, entry.LastWriteTime.Year);
        Assert.Equal(await File.ReadAllBytesAsync(binary, TestContext.Current.CancellationToken), content.ToArray());
        Assert.StartsWith(
            Convert.ToHexStringLower(SHA256.HashData(bytes)),
            await File.ReadAllTextAsync($"{zip}.sha256", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void It_fits_what_a_function_should_be()
    {
        const long MaxBytes = 16_500_000; // unpacked; the zip has half of it. Our decision: a larger binary starts slower; lints and history take 0.5 MB.

        Assert.InRange(new FileInfo(PublishedBinary.Path).Length, 1, MaxBytes);
    }

    [GeneratedRegex(@"GLIBC_(\d+\.\d+(?:\.\d+)?)")]
    private static partial Regex Glibc();

    [GeneratedRegex(@"NEEDED\s+(\S+)")]
    private static partial Regex Needed();
}
