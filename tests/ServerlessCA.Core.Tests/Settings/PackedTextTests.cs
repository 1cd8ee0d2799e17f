using System.IO.Compression;
using System.Text;
using ServerlessCA.Core.Settings;
using Xunit;

namespace ServerlessCA.Core.Tests.Settings;

/// <summary>Opens variables that Terraform packed.</summary>
public sealed class PackedTextTests
{
    // printf '{"web":{"common_names":["*"]}}' | gzip -9n | base64 -w0
    private const string OfGzip = "H4sIAAAAAAACA6tWKk9NUrKqVkrOz83Nz4vPS8xNLVayilbSUoqtrQUARJHaex4AAAA=";

    [Fact]
    public void What_gzip_packed_is_opened() => Assert.Equal("""{"web":{"common_names":["*"]}}""", PackedText.Open(OfGzip));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("serverless")]
    [InlineData("H4sI is no gzip")]
    [InlineData("H4sIAAAA")]
    public void What_is_not_packed_stays_as_it_is(string? text) => Assert.Equal(text, PackedText.Open(text));

    [Fact]
    public void What_is_longer_unpacked_than_any_setting_stays_packed()
    {
        string packed = Packed(new string('a', PackedText.MaxBytes + 1));

        Assert.Same(packed, PackedText.Open(packed));
        Assert.Equal(PackedText.MaxBytes, PackedText.Open(Packed(new string('a', PackedText.MaxBytes))).Length);
    }

    private static string Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return Convert.ToBase64String(packed.ToArray());
    }
}
