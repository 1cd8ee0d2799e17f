using System.Text;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Requests;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

public sealed class JsonLinesTests
{
    [Theory]
    [InlineData("[]", "")]
    [InlineData("[{}, {}]", "1 1")]
    [InlineData("[\n  {\n \"a\": [1,\n 2]\n },\n\n {\"b\": \"[{\\n\"}\n]", "2 7")]
    [InlineData("[\r\n{},\r\n{}\r\n]", "2 3")]
    [InlineData("\n\n[ 1,\n\"x\",\nnull, [\n[]\n], true]", "3 4 5 5 7")]
    [InlineData("[{},\n{},\n{\"a\": }]", "1 2 3")]
    [InlineData("{\"a\":\n[{}]}", "")]
    [InlineData("", "")]
    [InlineData("nonsense", "")]
    public void An_element_has_the_line_on_which_it_begins(string json, string lines) =>
        Assert.Equal(lines, string.Join(' ', JsonLines.Of(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public async Task A_file_with_a_byte_order_mark_has_the_same_lines()
    {
        var files = new MemoryInternalFiles();
        files.With("tls.json", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("[\n{},\n{}]")]);

        Assert.Equal([2, 3], await JsonLines.ReadAsync(files, "tls.json", TestContext.Current.CancellationToken));
        Assert.Empty(await JsonLines.ReadAsync(files, "revoked.json", TestContext.Current.CancellationToken));
    }
}
