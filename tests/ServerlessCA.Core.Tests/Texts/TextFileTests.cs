using System.Text;
using ServerlessCA.Core.Texts;
using Xunit;

namespace ServerlessCA.Core.Tests.Texts;

/// <summary>Bytes as editors write them become the same text, or a fault that says where and what it looks like.</summary>
public sealed class TextFileTests
{
    private const string Text = "[{\"organization\": \"Müller 鍵 😀\"}]\n";

    public static TheoryData<string, byte[]> Readable => new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes(Text) },
        { "UTF-8 with a mark", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Text)] },
        { "UTF-16, little endian", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Text)] },
        { "UTF-16, big endian", [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Text)] },
    };

    public static TheoryData<byte[], string> Unreadable => new()
    {
        { Encoding.Latin1.GetBytes("[\n\n\"Müller\"]\n"), "line 3 is not UTF-8; it looks like Windows-1252 (ANSI): save it as UTF-8" },
        { [.. "Caf"u8, 0xE9], "line 1 is not UTF-8; it looks like Windows-1252 (ANSI): save it as UTF-8" },
        { [.. "M"u8, 0x81, .. "ller"u8], "line 1 is not UTF-8; it looks like a code page of the command prompt, such as 850 (OEM): save it as UTF-8" },
        { Encoding.UTF8.GetBytes("a\n鍵")[..^1], "line 2 ends in the middle of a character: the end is missing, copy all of it again" },
        { [0xED, 0xA0, 0x80], "line 1 is not UTF-8; it looks like Windows-1252 (ANSI): save it as UTF-8" }, // half a pair, written as if it were a character
        { [0xC0, 0x80], "line 1 is not UTF-8; it looks like Windows-1252 (ANSI): save it as UTF-8" }, // NUL, written too long
        { Encoding.Unicode.GetBytes("[1]"), "it looks like UTF-16 without a byte order mark: save it as UTF-8" },
        { Encoding.BigEndianUnicode.GetBytes("[1]"), "it looks like UTF-16 without a byte order mark: save it as UTF-8" },
        { [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes("[1]")], "it is UTF-32: save it as UTF-8" },
        { [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("a\nb"), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("c")], "line 2 is not UTF-16, although the file begins as UTF-16 does: save it as UTF-8" },
        { [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes("ab"), 0], "line 1 is not UTF-16, although the file begins as UTF-16 does: save it as UTF-8" },
        { [.. "[1"u8, 0, .. "]"u8], "it is not text: give a text file in UTF-8" },
        { [0x30, 0x82, 0x01, 0x00, 0xFF], "it is not text: give a text file in UTF-8" },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public void UTF_8_and_UTF_16_with_a_mark_are_read_alike(string form, byte[] octets)
    {
        Assert.NotEmpty(form);
        Assert.True(TextFile.TryRead(octets, out string? text, out _));
        Assert.True(TextFile.TryReadUtf8(octets, out ReadOnlyMemory<byte> utf8, out _));

        Assert.Equal(Text, text);
        Assert.Equal(Encoding.UTF8.GetBytes(Text), utf8.ToArray());
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void Anything_else_is_a_fault_with_line_and_likely_encoding(byte[] octets, string fault)
    {
        Assert.False(TextFile.TryRead(octets, out _, out TextFault? why));
        Assert.False(TextFile.TryReadUtf8(octets, out _, out TextFault? same));

        Assert.Equal(fault, why.ToString());
        Assert.Equal(why, same);
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void A_file_is_written_in_the_encoding_that_it_had(string form, byte[] octets)
    {
        Assert.NotEmpty(form);
        Assert.Equal(octets, TextFile.WriteLike(octets, Text));
    }

    [Fact]
    public void An_empty_file_is_an_empty_text()
    {
        Assert.True(TextFile.TryRead([], out string? text, out _));
        Assert.Equal("", text);
        Assert.Equal("a"u8.ToArray(), TextFile.WriteLike([], "a"));
    }

    [Theory]
    [InlineData("Müller 😀", true)]
    [InlineData("M\ufffdller", false)]
    [InlineData("M\ud83d", false)]
    [InlineData("\ude00M", false)]
    public void A_text_that_lost_something_when_it_was_decoded_is_known(string text, bool whole) => Assert.Equal(whole, DecodedText.IsWhole(text));
}
