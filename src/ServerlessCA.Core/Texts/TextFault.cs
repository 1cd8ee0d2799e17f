using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ServerlessCA.Core.Texts;

/// <summary>Why bytes are no text that is read here. It repeats nothing of them, as they may be a secret. Immutable.</summary>
/// <param name="What">What is wrong, and in which line, such as <c>line 3 is not UTF-8; it looks like Windows-1252 (ANSI)</c>.</param>
/// <param name="Remedy">What to do, such as <c>save it as UTF-8</c>.</param>
public sealed record TextFault(string What, string Remedy)
{
    private const string SaveAsUtf8 = "save it as UTF-8";
    private const int BytesPerUnit = 2; // of UTF-16

    // Control characters of plain text are tab, line breaks, form feed, and the end mark of DOS.
    private static readonly SearchValues<byte> NoText = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Except([0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B]).Select(code => (byte)code)]);

    // Windows-1252 has no characters there, and the code pages of the command prompt have letters of every day.
    private static readonly SearchValues<byte> NotInWindows1252 = SearchValues.Create([0x81, 0x8D, 0x8F, 0x90, 0x9D]);

    /// <summary>Both in one sentence.</summary>
    public override string ToString() => $"{What}: {Remedy}";

    /// <summary>Whether it is UTF-32, which has the mark of UTF-16 and then nothing like it.</summary>
    internal static TextFault? OfMark(ReadOnlySpan<byte> octets) =>
        octets is [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] ? new TextFault("it is UTF-32", SaveAsUtf8) : null;

    /// <summary>What is wrong with UTF-16; null: nothing.</summary>
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

    /// <summary>What is wrong with bytes that are not UTF-8, or hold the character NUL.</summary>
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

        // One byte alone is a letter of another encoding as well as the beginning of one in UTF-8.
        incomplete = status == OperationStatus.NeedMoreData && octets.Length - at > 1;
        return at;
    }

    // Beyond the end, and where half of a unit is missing: NUL, which no text has.
    private static char UnitAt(ReadOnlySpan<byte> octets, int at, bool bigEndian) => at + BytesPerUnit > octets.Length ? '\0'
        : (char)(bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(octets[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(octets[at..]));
}
