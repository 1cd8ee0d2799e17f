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
        Assert.Empty(list.Failures);
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
    [InlineData("""{"common_name":"b","serial":"1"}""")]
    [InlineData("""{"common_name":"b","serial_nummber":"1"}""")]
    [InlineData("""{"common_name":"b","serial_number":null}""")]
    [InlineData("""{"common_name":"b","serial_number":1.5}""")]
    [InlineData("""{"common_name":"b","serial_number":"-1"}""")]
    [InlineData("""{"common_name":"\ud800","serial_number":"1"}""")]
    [InlineData("""{"common_name":"b","serial_number":"\ud800"}""")]
    public async Task A_broken_entry_is_reported_with_its_place_and_the_others_take_effect(string broken)
    {
        RevocationEntries list = await ReadAsync($"\uFEFF[{Good},{broken},{Good.Replace("a.", "c.", StringComparison.Ordinal)}]");

        Assert.Equal(["a.example.test", "c.example.test"], list.Entries.Select(entry => entry.CommonName));
        Assert.StartsWith("revoked.json, line 1, entry 2", Assert.Single(list.Failures).ToString(), StringComparison.Ordinal);
        Assert.Null(list.FileFault);
    }

    [Theory]
    [InlineData(1_000, "serial_number is missing")]
    [InlineData(1_001, "serial_number is missing; nor can 1 entry behind it be read")]
    [InlineData(3_000, "serial_number is missing; nor can 2000 entries behind it be read")]
    public async Task Behind_a_thousand_entries_that_cannot_be_read_they_are_counted(int broken, string last)
    {
        RevocationEntries list = await ReadAsync($"[{string.Concat(Enumerable.Repeat("{},", broken))}{Good}]");

        Assert.Single(list.Entries);
        Assert.Equal(1_000, list.Failures.Count);
        Assert.Equal("serial_number is missing", list.Failures[998].Reason);
        Assert.Equal(last, list.Failures[999].Reason);
    }

    [Fact]
    public async Task Behind_a_thousand_ignored_keys_they_are_counted()
    {
        RevocationEntries list = await ReadAsync($"[{string.Join(',', Enumerable.Range(1, 1_200).Select(number => $$"""{"serial_number":{{number}},"ticket":1}"""))}]");

        Assert.Equal(1_200, list.Entries.Count);
        Assert.Equal(1_001, list.Warnings.Count);
        Assert.EndsWith("entry 1000 (serial number 1000): 'ticket' is not known and ignored; keys that begin with _ are for notes", list.Warnings[999], StringComparison.Ordinal);
        Assert.Equal("and 200 more", list.Warnings[1_000]);
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, "it has more than 100 keys that are not known: nobody can tell what it means")]
    public async Task An_entry_of_very_many_unknown_keys_fails_and_is_carried_out(int keys, string? fault)
    {
        RevocationEntries list = await ReadAsync($"[{{\"serial_number\":1{string.Concat(Enumerable.Range(0, keys).Select(number => $",\"{number}\":0"))}}}]");

        Assert.Equal(fault, Assert.Single(list.Entries).Fault);
    }

    [Fact]
    public async Task Thousands_of_duplicates_count_once_and_the_gravest_reason_stays()
    {
        string[] reasons = ["superseded", "unspecified", "keyCompromise", "cessationOfOperation"];
        IEnumerable<string> repeats = Enumerable.Range(0, 5000)
            .Select(index => $$"""{"common_name":"a.example.test","serial_number":4660,"reason":"{{reasons[index % 4]}}"}""");

        RevocationEntries list = await ReadAsync($"[{string.Join(',', repeats)}]");

        ListedEntry entry = Assert.Single(list.Entries);
        Assert.Equal((SerialNumber.Parse("4660"), RevocationReason.KeyCompromise), (entry.Serial.Number, entry.Reason));
        Assert.Empty(list.Failures);
    }

    [Theory]
    [InlineData("\"keycompromise\"", RevocationReason.KeyCompromise, false)]
    [InlineData("null", RevocationReason.Unspecified, false)]
    [InlineData("\"stolen\"", RevocationReason.Unspecified, true)]
    [InlineData("\"certificateHold\"", RevocationReason.Unspecified, true)] // would be taken back
    [InlineData("1", RevocationReason.Unspecified, true)]
    public async Task An_unknown_reason_revokes_without_one_and_is_a_fault_of_the_entry(string reason, RevocationReason expected, bool isFault)
    {
        RevocationEntries list = await ReadAsync($$"""[{"common_name":"a.example.test","serial_number":1,"reason":{{reason}}}]""");

        ListedEntry entry = Assert.Single(list.Entries);
        Assert.Equal((expected, isFault), (entry.Reason, entry.Fault is not null));
    }

    [Theory]
    [InlineData("\"reasn\":\"keyCompromise\"", "did you mean 'reason'")]
    [InlineData("\"Reason\":\"keyCompromise\"", "did you mean 'reason'")]
    [InlineData("\"unrecordet\":true", "did you mean 'unrecorded'")]
    [InlineData("\"serial_number\":\"2\"", "'serial_number' is given twice")]
    [InlineData("\"unrecorded\":1", "unrecorded must be true or false")]
    [InlineData("\"unrecorded\":true,\"expires\":\"soon\"", "expires must be a time")]
    public async Task A_key_that_is_nearly_known_or_makes_no_sense_is_a_fault_of_the_entry_and_revokes_all_the_same(string member, string why)
    {
        RevocationEntries list = await ReadAsync($$"""[{"common_name":"a.example.test","serial_number":"1",{{member}}}]""");

        Assert.Contains(why, Assert.Single(list.Entries).Fault, StringComparison.Ordinal);
        Assert.Empty(list.Failures);
    }

    [Theory]
    [InlineData("ticket", 1)]
    [InlineData("comment", 0)]
    [InlineData("_by", 0)]
    [InlineData("$schema", 0)]
    public async Task Other_keys_are_notes_of_people_and_at_most_warned_of(string key, int warnings)
    {
        RevocationEntries list = await ReadAsync($$"""[{"common_name":"a.example.test","serial_number":"1","{{key}}":"left us"}]""");

        Assert.Null(Assert.Single(list.Entries).Fault);
        Assert.Equal(warnings, list.Warnings.Count);
    }

    [Theory]
    [InlineData("2031-02-28", "2031-02-28 23:59:59")]
    [InlineData("2031-02-28 12:00:00", "2031-02-28 12:00:00")]
    [InlineData("2031-02-28T12:00:00Z", "2031-02-28 12:00:00")]
    [InlineData("2031-02-28T12:00:00+02:00", "2031-02-28 10:00:00")]
    public async Task An_unrecorded_certificate_may_expire(string text, string expected)
    {
        RevocationEntries list = await ReadAsync($$"""[{"serial_number":"0x01","unrecorded":true,"expires":"{{text}}"}]""");

        ListedEntry entry = Assert.Single(list.Entries);
        Assert.Equal((null, true, TableTime.Parse(expected), null), (entry.CommonName, entry.IsUnrecorded, entry.Expires!.Value, entry.Fault));
    }

    [Fact]
    public async Task A_place_is_the_same_when_its_list_is_read_again_and_another_when_its_line_has_changed()
    {
        const string Text = """[{"serial_number":"no number"}]""";

        EntryFailure[] failures = [.. (await ReadAsync(Text)).Failures, .. (await ReadAsync(Text)).Failures, .. (await ReadAsync($"\n{Text}")).Failures];

        Assert.Equal(failures[0], failures[1]);
        Assert.Equal(failures[0].GetHashCode(), failures[1].GetHashCode());
        Assert.NotEqual(failures[0], failures[2]);
        Assert.Equal([1, 1, 2], failures.Select(failure => failure.Place.At.Line));
    }

    private static Task<RevocationEntries> ReadAsync(string text) => RevocationEntries.ReadAsync(
        new MemoryInternalFiles().With("revoked.json", text), "revoked.json", CancellationToken.None);
}
