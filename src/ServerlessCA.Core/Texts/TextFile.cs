using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace ServerlessCA.Core.Texts;

/// <summary>Decodes the bytes of every text file, whatever it is for: lists, settings, requests, CSRs, certificates, tokens,
/// passphrases. Accepts UTF-8 with or without a byte order mark, and UTF-16 with one, as editors and Windows PowerShell write
/// them. Refuses anything else and says where and what it looks like: a guessed character would end in a certificate.</summary>
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

    /// <summary>Reads a text as UTF-8 without its mark, for JSON; does not copy what is UTF-8 already.</summary>
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

    /// <summary>Encodes a text as a file that was read, with the mark that it had.</summary>
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

/// <summary>Says why bytes are not accepted as text. Repeats none of them, as they may be a secret. Immutable.</summary>
/// <param name="What">What is wrong, and in which line, such as <c>line 3 is not UTF-8; it looks like Windows-1252
/// (ANSI)</c>.</param>
/// <param name="Remedy">What to do, such as <c>save it as UTF-8</c>.</param>
public sealed record TextFault(string What, string Remedy)
{
    private const string SaveAsUtf8 = "save it as UTF-8";
    private const int BytesPerUnit = 2; // of UTF-16

    // Plain text has no control characters but tab, line breaks, form feed, escape, and the end mark of DOS.
    private static readonly SearchValues<byte> NoText = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Except([0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B]).Select(code => (byte)code)]);

    // Windows-1252 has no characters there, while the code pages of the command prompt have common letters.
    private static readonly SearchValues<byte> NotInWindows1252 = SearchValues.Create([0x81, 0x8D, 0x8F, 0x90, 0x9D]);

    /// <summary>Joins both in one sentence.</summary>
    public override string ToString() => $"{What}: {Remedy}";

    /// <summary>Detects the mark of UTF-32, which may look like that of UTF-16; null for anything else.</summary>
    internal static TextFault? OfMark(ReadOnlySpan<byte> octets) =>
        octets is [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] ? new TextFault("it is UTF-32", SaveAsUtf8) : null;

    /// <summary>Finds what is wrong with UTF-16; null when nothing is.</summary>
    internal static TextFault? OfUtf16(ReadOnlySpan<byte> octets, bool bigEndian)
    {
        int line = 1;
        for (int at = 0; at < octets.Length; at += BytesPerUnit)
        {
            char unit = UnitAt(octets, at, bigEndian);
            bool isPair = char.IsHighSurrogate(unit) && char.IsLowSurrogate(UnitAt(octets, at + BytesPerUnit, bigEndian));
            if (unit == '\0' || (char.IsSurrogate(unit) && !isPair))
            {
                return new TextFault(string.Create(CultureInfo.InvariantCulture, $"line {line} is not UTF-16, although the file begins as UTF-16 does"), SaveAsUtf8);
            }

            line += unit == '\n' ? 1 : 0;
            at += isPair ? BytesPerUnit : 0;
        }

        return null;
    }

    /// <summary>Says what is wrong with bytes that are not UTF-8, or hold the character NUL.</summary>
    internal static TextFault OfUtf8(ReadOnlySpan<byte> octets)
    {
        if (octets.ContainsAny(NoText))
        {
            return octets is [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..]
                ? new TextFault("it looks like UTF-16 without a byte order mark", SaveAsUtf8)
                : new TextFault("it is not text", "give a text file in UTF-8");
        }

        int at = FirstFault(octets, out bool incomplete);
        int number = octets[..at].Count((byte)'\n') + 1;
        string line = string.Create(CultureInfo.InvariantCulture, $"line {number}");
        int rest = octets[at..].IndexOf((byte)'\n');
        ReadOnlySpan<byte> odd = rest < 0 ? octets[at..] : octets.Slice(at, rest);
        return incomplete ? new TextFault($"{line} ends in the middle of a character", "the end is missing, copy all of it again")
            : odd.ContainsAny(NotInWindows1252) ? new TextFault($"{line} is not UTF-8; it looks like a code page of the command prompt, such as 850 (OEM)", SaveAsUtf8)
            : new TextFault($"{line} is not UTF-8; it looks like Windows-1252 (ANSI)", SaveAsUtf8);
    }

    private static int FirstFault(ReadOnlySpan<byte> octets, out bool incomplete)
    {
        int at = 0;
        OperationStatus status = OperationStatus.Done;
        while (at < octets.Length && (status = Rune.DecodeFromUtf8(octets[at..], out _, out int length)) == OperationStatus.Done)
        {
            at += length;
        }

        // A single byte may be a letter of another encoding as well as the beginning of one in UTF-8.
        incomplete = status == OperationStatus.NeedMoreData && octets.Length - at > 1;
        return at;
    }

    // Returns NUL, which no text has, beyond the end and where half of a unit is missing.
    private static char UnitAt(ReadOnlySpan<byte> octets, int at, bool bigEndian) => at + BytesPerUnit > octets.Length ? '\0'
        : (char)(bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(octets[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(octets[at..]));
}

/// <summary>Checks texts that the platform decoded before we see them: arguments and environment variables.</summary>
public static class DecodedText
{
    private const char Replacement = '\uFFFD'; // stands for bytes that are not UTF-8 (The Unicode Standard, section 23.8)

    /// <summary>Says whether nothing was lost: the text has no replacement character, and no half of a surrogate
    /// pair.</summary>
    public static bool IsWhole(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            bool isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            if (text[at] == Replacement || (char.IsSurrogate(text[at]) && !isPair))
            {
                return false;
            }

            at += isPair ? 1 : 0;
        }

        return true;
    }
}
