using System.Text;
using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Requests;
using Xunit;

namespace ServerlessCA.Core.Tests.Requests;

public sealed class JsonLinesTests
{
    [Fact]
    public void A_place_is_named_as_editors_take_it_and_by_its_number_where_the_line_is_unknown()
    {
        Assert.Equal("tls.json:7", new ListPlace("tls.json", 2) { Line = 7 }.Reference);
        Assert.Equal("tls.json, entry 2", new ListPlace("tls.json", 2).Reference);
    }

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
        files.With(GitOpsEntries.FileKey, [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("[\n{},\n{}]")]);

        GitOpsEntries entries = await GitOpsEntries.ReadAsync(files, TestContext.Current.CancellationToken);

        Assert.Equal([2, 3], entries.Lines);
        Assert.Equal("tls.json, line 3, entry 2", entries.PlaceOf(2));
        Assert.Equal("tls.json, entry 3", entries.PlaceOf(3));
    }
}
