using ServerlessCA.Contracts.Memory;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Core.Tests.Revocation;

public sealed class RevocationEntriesTests
{
    private const string Good = """{"common_name":"a.example.test","serial_number":"4660"}""";

    [Fact]
    public async Task No_file_is_an_empty_list()
    {
        RevocationEntries list = await RevocationEntries.ReadAsync(new MemoryInternalFiles(), "revoked.json", CancellationToken.None);

        Assert.Empty(list.Entries);
        Assert.Empty(list.Problems);
        Assert.Null(list.FileFault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task A_file_that_is_no_list_is_one_fault_that_names_the_file(string text)
    {
        RevocationEntries list = await ReadAsync(text);

        Assert.Contains("revoked.json in S3 bucket 'internal'", list.FileFault, StringComparison.Ordinal);
        Assert.Empty(list.Entries);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("4660")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"common_name":"","serial_number":"1"}""")]
    [InlineData("""{"common_name":7,"serial_number":"1"}""")]
    [InlineData("""{"common_name":"b"}""")]
    [InlineData("""{"common_name":"b","serial_number":1.5}""")]
    [InlineData("""{"common_name":"b","serial_number":"-1"}""")]
    [InlineData("""{"common_name":"\ud800","serial_number":"1"}""")]
    [InlineData("""{"common_name":"b","serial_number":"\ud800"}""")]
    public async Task A_broken_entry_is_told_with_its_place_and_the_others_take_effect(string broken)
    {
        RevocationEntries list = await ReadAsync($"\uFEFF[{Good},{broken},{Good.Replace("a.", "c.", StringComparison.Ordinal)}]");

        Assert.Equal(["a.example.test", "c.example.test"], list.Entries.Select(entry => entry.CommonName));
        Assert.StartsWith("revoked.json, entry 2", Assert.Single(list.Problems), StringComparison.Ordinal);
        Assert.Null(list.FileFault);
    }

    [Fact]
    public async Task Thousands_of_duplicates_in_every_form_count_once_and_the_first_one_s_reason_stays()
    {
        string[] forms = ["4660", "\"4660\"", "\"0x1234\"", "\"12:34\""];
        IEnumerable<string> repeats = Enumerable.Range(0, 5000)
            .Select(index => $$"""{"common_name":"a.example.test","serial_number":{{forms[index % 4]}},"reason":"{{(index == 0 ? "superseded" : "keyCompromise")}}"}""");

        RevocationEntries list = await ReadAsync($"[{string.Join(',', repeats)}]");

        RevocationEntry entry = Assert.Single(list.Entries);
        Assert.Equal((SerialNumber.Parse("4660"), RevocationReason.Superseded), (entry.SerialNumber, entry.Reason));
        Assert.Empty(list.Problems);
    }

    [Theory]
    [InlineData("\"keycompromise\"", RevocationReason.KeyCompromise, 0)]
    [InlineData("null", RevocationReason.Unspecified, 0)]
    [InlineData("\"stolen\"", RevocationReason.Unspecified, 1)]
    [InlineData("\"certificateHold\"", RevocationReason.Unspecified, 1)] // would be taken back
    [InlineData("1", RevocationReason.Unspecified, 1)]
    public async Task An_unknown_reason_revokes_without_one_and_is_told(string reason, RevocationReason expected, int problems)
    {
        RevocationEntries list = await ReadAsync($$"""[{"common_name":"a.example.test","serial_number":1,"reason":{{reason}}}]""");

        Assert.Equal(expected, Assert.Single(list.Entries).Reason);
        Assert.Equal(problems, list.Problems.Count);
    }

    private static Task<RevocationEntries> ReadAsync(string text) => RevocationEntries.ReadAsync(
        new MemoryInternalFiles().With("revoked.json", text), "revoked.json", CancellationToken.None);
}
