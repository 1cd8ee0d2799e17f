using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace ServerlessCA.Core.Texts;

/// <summary>The one way in which the bytes of a text file become text, whatever the file is for: lists, settings,
/// requests, CSRs, certificates, tokens, passphrases. UTF-8 with or without a byte order mark, and UTF-16 with one, as
/// editors and Windows PowerShell write them. Anything else is a fault that says where and how it looks: a character
/// that is guessed would end in a certificate.</summary>
public static class TextFile
{
    private static readonly UnicodeEncoding LittleEndian = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding BigEndian = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <summary>Reads a text, without its mark.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> octets, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out TextFault? why)
    {
        text = null;
        why = TextFault.OfMark(octets);
        if (why is null && Utf16Of(octets) is { } utf16)
        {
            why = TextFault.OfUtf16(octets[2..], utf16.Equals(BigEndian));
            text = why is null ? utf16.GetString(octets[2..]) : null;
        }
        else if (why is null)
        {
            ReadOnlySpan<byte> utf8 = octets[MarkLength(octets)..];
            why = Utf8.IsValid(utf8) && !utf8.Contains((byte)0) ? null : TextFault.OfUtf8(utf8);
            text = why is null ? Encoding.UTF8.GetString(utf8) : null;
        }

        return text is not null;
    }

    /// <summary>Reads a text as UTF-8 without its mark, for JSON: what is UTF-8 already is not copied.</summary>
    public static bool TryReadUtf8(
        ReadOnlyMemory<byte> octets, out ReadOnlyMemory<byte> utf8, [NotNullWhen(false)] out TextFault? why)
    {
        ReadOnlyMemory<byte> unmarked = octets[MarkLength(octets.Span)..];
        if (Utf16Of(octets.Span) is null && Utf8.IsValid(unmarked.Span) && !unmarked.Span.Contains((byte)0))
        {
            (utf8, why) = (unmarked, null);
            return true;
        }

        utf8 = TryRead(octets.Span, out string? text, out why) ? Encoding.UTF8.GetBytes(text) : default;
        return why is null;
    }

    /// <summary>The bytes of a text in the encoding of a file that was read, with the mark that it had.</summary>
    public static byte[] WriteLike(ReadOnlySpan<byte> file, string text)
    {
        Encoding encoding = Utf16Of(file) ?? Encoding.UTF8;
        return [.. file[..(encoding is UnicodeEncoding ? 2 : MarkLength(file))], .. encoding.GetBytes(text)];
    }

    private static int MarkLength(ReadOnlySpan<byte> octets) => octets is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;

    private static UnicodeEncoding? Utf16Of(ReadOnlySpan<byte> octets) => octets switch
    {
        [0xFF, 0xFE, ..] => LittleEndian,
        [0xFE, 0xFF, ..] => BigEndian,
        _ => null,
    };
}
