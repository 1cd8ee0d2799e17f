using System.Text;
using ServerlessCA.Core.Certificates;
using Xunit;

namespace ServerlessCA.Core.Tests.Certificates;

public sealed class PemTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_block_has_64_columns_and_a_final_newline_as_openssl_writes_it()
    {
        byte[] der = Golden.Read("root.der");
        folder.Write("root.der", der);
        string expected = ForeignProgram.OutputIn(folder.Path, "openssl", "x509", "-inform", "DER", "-in", "root.der");

        Assert.Equal(expected, Pem.Encode(Pem.CertificateLabel, der));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(96)]
    [InlineData(1000)]
    public void What_was_written_can_be_read(int length)
    {
        byte[] bytes = [.. Enumerable.Range(0, length).Select(one => (byte)one)];
        string text = Pem.Encode("ANY LABEL", bytes);

        Assert.EndsWith("-----END ANY LABEL-----\n", text, StringComparison.Ordinal);
        Assert.True(Pem.TryDecodeOne(text, "ANY LABEL", out byte[]? read));
        Assert.Equal(bytes, read);
        Assert.Equal(text, Encoding.ASCII.GetString(Pem.EncodeAscii("ANY LABEL", bytes)));
    }

    [Theory]
    [InlineData("-----BEGIN X-----\nAQID\n-----END X-----")]
    [InlineData("-----BEGIN X-----\r\nAQ\r\nID\r\n-----END X-----\r\n")]
    [InlineData("-----BEGIN X----- AQID -----END X-----")]
    [InlineData("\uFEFF \n\t-----BEGIN X-----\n\nA Q\tI D\n-----END X-----\n \n")]
    [InlineData("-----BEGIN X-----AQID-----END X-----")]
    public void White_space_does_not_matter(string text)
    {
        Assert.True(Pem.TryDecodeOne(text, "X", out byte[]? read));
        Assert.Equal([1, 2, 3], read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("AQID")]
    [InlineData("-----BEGIN -----\nAQID\n-----END -----")]
    [InlineData("-----BEGIN X\n-----\nAQID\n-----END X\n-----")]
    [InlineData("-----BEGIN X-----")]
    [InlineData("-----BEGIN X")]
    [InlineData("-----BEGIN X-----\nAQID\n")]
    [InlineData("-----BEGIN X-----\nAQID\n-----END Y-----")]
    [InlineData("-----BEGIN Y-----\nAQID\n-----END Y-----")]
    [InlineData("-----BEGIN X-----\n-----END X-----")]
    [InlineData("-----BEGIN X-----\nAQI\n-----END X-----")]
    [InlineData("-----BEGIN X-----\nAQ=ID\n-----END X-----")]
    [InlineData("-----BEGIN X-----\nAQ-_\n-----END X-----")]
    [InlineData("-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END X-----")]
    [InlineData("text\n-----BEGIN X-----\nAQID\n-----END X-----")]
    [InlineData("-----BEGIN X-----\nAQID\n-----END X-----\ntext")]
    [InlineData("-----BEGIN X-----\nAQID\n-----END X-----\n-----BEGIN X-----\nAQID\n-----END X-----")]
    [InlineData("-----BEGIN X-----\nAQID\n-----BEGIN X-----\nAQID\n-----END X-----")]
    public void Anything_but_one_block_of_the_label_is_refused(string text) =>
        Assert.False(Pem.TryDecodeOne(text, "X", out _));
}
