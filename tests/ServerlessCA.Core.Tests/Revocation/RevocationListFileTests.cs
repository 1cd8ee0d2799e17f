using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using Xunit;

namespace ServerlessCA.Core.Tests.Revocation;

public sealed class RevocationListFileTests
{
    private const string TwoSpaces = """
        [
          {
            "serial_number": 730750818665451459101842416358141509827966271486,
            "common_name": "first.example.test",
            "ticket": "é <1.50>"
          }
        ]

        """;

    [Fact]
    public void A_graver_reason_takes_the_place_of_the_one_that_is_there_and_a_lesser_one_does_not()
    {
        string text = Add(TwoSpaces, Entry(RevocationReason.Superseded));
        string graver = text.Replace("superseded", "keyCompromise", StringComparison.Ordinal);

        Assert.Equal(graver, Add(text, Entry(RevocationReason.KeyCompromise)));
        Assert.Equal(graver, Add(graver, Entry(RevocationReason.Superseded)));
        Assert.Equal(text, Add(text));
    }

    [Fact]
    public void Beside_an_entry_with_a_key_given_twice_a_whole_one_is_added()
    {
        string twice = """[{"common_name": "a.example.test", "serial_number": "4660", "reason": "superseded", "reason": "keyCompromise"}]""";

        Assert.Equal(2, Add(twice, Entry(RevocationReason.KeyCompromise)).Split("\"common_name\"").Length - 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData(" \r\n ")]
    public void An_empty_file_becomes_a_list_of_one(string text) => Assert.Equal(
        "[\n    {\n        \"common_name\": \"a.example.test\",\n        \"serial_number\": \"4660\",\n        \"reason\": \"keyCompromise\"\n    }\n]\n",
        Add(text, Entry(RevocationReason.KeyCompromise)).ReplaceLineEndings("\n"));

    [Fact]
    public void What_was_there_stays_character_for_character_and_in_its_order() => Assert.Equal(
        TwoSpaces.Replace("  }\n]", "  },\n  {\n    \"common_name\": \"a.example.test\",\n    \"serial_number\": \"4660\"\n  }\n]", StringComparison.Ordinal),
        Add(TwoSpaces));

    [Theory]
    [InlineData("""[{"common_name":"b","serial_number":1}]""", """[{"common_name":"b","serial_number":1}, {"common_name":"a.example.test","serial_number":"4660"}]""")]
    [InlineData("[\n  { \"common_name\": \"b\", \"note\": [1.0, 2e1] }\n]", "[\n  { \"common_name\": \"b\", \"note\": [1.0, 2e1] },\n  { \"common_name\": \"a.example.test\", \"serial_number\": \"4660\" }\n]")]
    public void A_list_that_is_laid_out_otherwise_keeps_its_layout_and_the_new_entry_has_it(string text, string expected) =>
        Assert.Equal(expected + "\n", Add(text));

    [Fact]
    public void A_graver_reason_changes_its_own_entry_and_nothing_of_the_others()
    {
        const string Text = """[ {"common_name":"b",  "serial_number" : 1.0}, {"common_name":"a.example.test","serial_number":4660,"note":[1, "x"]},{} ]""";

        Assert.Equal(
            Text.Replace("\"note\":[1, \"x\"]", "\"note\":[1,\"x\"],\"reason\":\"keyCompromise\"", StringComparison.Ordinal) + "\n",
            Add(Text, Entry(RevocationReason.KeyCompromise)));
    }

    [Fact]
    public void Tabs_line_ends_and_byte_order_mark_are_kept()
    {
        string text = "\uFEFF" + TwoSpaces.Replace("  ", "\t", StringComparison.Ordinal).ReplaceLineEndings("\r\n");

        string edited = Add(text);

        Assert.StartsWith(text[..^6], edited, StringComparison.Ordinal);
        Assert.Contains("\r\n\t{\r\n\t\t\"common_name\": \"a.example.test\"", edited, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", edited.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4660")]
    [InlineData("\"4660\"")]
    [InlineData("\"0x1234\"")]
    [InlineData("\"12:34\"")]
    public void An_entry_that_is_in_it_in_any_form_is_not_added_again(string serial)
    {
        string text = $$"""[ {"common_name":"a.example.test","serial_number":{{serial}}} ]""";

        Assert.Same(text, Add(text));
    }

    [Theory]
    [InlineData("""{"common_name":"b.example.test","serial_number":4660}""")]
    [InlineData("""{"common_name":"A.example.test","serial_number":4660}""")]
    [InlineData("""{"common_name":"a.example.test","serial_number":4661}""")]
    [InlineData("""{"common_name":"a.example.test","serial_number":null}""")]
    [InlineData("""{"common_name":["a.example.test"],"serial_number":4660}""")]
    [InlineData("""{"common_name":"x","common_name":"y"}""")]
    [InlineData("null")]
    [InlineData("[4660]")]
    public void Another_entry_or_a_broken_one_is_none_and_stays(string element)
    {
        string edited = Add($"[{element}]");

        using var list = System.Text.Json.JsonDocument.Parse(edited);
        Assert.Equal(2, list.RootElement.GetArrayLength());
        Assert.Equal("a.example.test", list.RootElement[1].GetProperty("common_name").GetString());
    }

    [Theory]
    [InlineData("{}", "it must hold a JSON list")]
    [InlineData("null", "it must hold a JSON list")]
    [InlineData("[", "it is not JSON: broken at line 1, byte 2")]
    [InlineData("[1,]", "it is not JSON: broken at line 1, byte 4")]
    [InlineData("""[{"common_name":"a.example.test","serial_number":"\ud800"}]""", "it has half a character, such as \\ud800, which cannot be written again")]
    [InlineData("""[{"common_name":"\ud800","serial_number":"4660"}]""", "it has half a character, such as \\ud800, which cannot be written again")]
    public void A_file_that_is_no_list_is_left_alone_with_the_reason(string text, string expected)
    {
        Assert.False(RevocationListFile.TryAdd(text, Entry(), out _, out string? why));
        Assert.Equal(expected, why);
    }

    private static RevocationEntry Entry(RevocationReason reason = RevocationReason.Unspecified) =>
        new("a.example.test", SerialNumber.Parse("4660"), reason);

    private static string Add(string text) => Add(text, Entry());

    private static string Add(string text, RevocationEntry entry)
    {
        Assert.True(RevocationListFile.TryAdd(text, entry, out string? edited, out string? why), why);
        return edited;
    }
}
