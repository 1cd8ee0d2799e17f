using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ServerlessCA.Core.Names;

/// <summary>Turns a label outside ASCII into its A-label (RFC 5890 §2.3.2.1), after lower-casing it. Accepts only what IDNA
/// 2008 calls valid (RFC 5892): no symbols, emoji, disguised ASCII letters or joiners. A caller can still give other labels as
/// A-labels.</summary>
internal static class InternationalLabel
{
    /// <summary>Returns the label in ASCII; an ASCII label comes back as it is, its length and shape unchecked.</summary>
    public static bool TryToAscii(string label, [NotNullWhen(true)] out string? ascii)
    {
        ascii = Ascii.IsValid(label) ? label : null;
        if (ascii is null && TryLowerCase(label, out string? lower) && IsWellFormed(lower))
        {
            ascii = Encode(lower);
        }

        return ascii is not null;
    }

    /// <summary>The letters of an A-label; false when it is none.</summary>
    public static bool TryToUnicode(string label, [NotNullWhen(true)] out string? unicode)
    {
        try
        {
            unicode = new IdnMapping { AllowUnassigned = true }.GetUnicode(label);
        }
        catch (ArgumentException)
        {
            unicode = null; // no Punycode, or such as nobody writes
        }

        return unicode is not null;
    }

    private static bool TryLowerCase(string label, [NotNullWhen(true)] out string? lower)
    {
        var result = new StringBuilder(label.Length);
        lower = null;
        for (int i = 0; i < label.Length;)
        {
            if (!Rune.TryGetRuneAt(label, i, out Rune rune))
            {
                return false;
            }

            Rune small = Rune.ToLowerInvariant(rune);
            // U+212A, the Kelvin sign, would turn into an ASCII k.
            if ((small.IsAscii && !rune.IsAscii) || !IsValid(small))
            {
                return false;
            }

            result.Append(small);
            i += rune.Utf16SequenceLength;
        }

        lower = result.ToString();
        return true;
    }

    private static bool IsValid(Rune rune) => rune.IsAscii
        ? Rune.IsLetterOrDigit(rune) || rune.Value == '-'
        : IsLetterMarkOrDigit(rune) && !DisallowedLetters.Contains(rune.Value) && !IsComposing(rune.Value);

    // RFC 5892 §2.1, without the upper case that lower-casing would have removed.
    private static bool IsLetterMarkOrDigit(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber;

    // Labels are in NFC (RFC 5891 §4.2.1). We cannot normalise without ICU, so marks that combine with the
    // letter before them are refused. The few two-part vowel signs of Indic scripts are not checked: written in
    // two parts they make an A-label that no client looks up.
    private static bool IsComposing(int scalar) => scalar
        is (>= 0x0300 and <= 0x0345) or (>= 0x0653 and <= 0x0655) or 0x3099 or 0x309A;

    // RFC 5891 §4.2.3.1 and §4.2.3.2: no hyphens at the ends nor in third and fourth place, no mark at the start.
    private static bool IsWellFormed(string lower) =>
        lower[0] != '-'
        && lower[^1] != '-'
        && !(lower.Length > 3 && lower[2] == '-' && lower[3] == '-')
        && Rune.GetUnicodeCategory(Rune.GetRuneAt(lower, 0))
            is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    private static string? Encode(string lower)
    {
        try
        {
            // Only encodes Punycode (RFC 3492): nothing is left that the platform would map.
            return new IdnMapping { AllowUnassigned = true, UseStd3AsciiRules = true }.GetAscii(lower);
        }
        catch (ArgumentException)
        {
            return null; // the A-label has over 63 octets
        }
    }
}

/// <summary>Lists letters, marks and digits that IDNA 2008 forbids in labels or allows only in context, mostly those that stand
/// for others: full-width and mathematical letters, ligatures, presentation forms, conjoining Hangul.</summary>
/// <remarks>It has the characters of categories Ll, Lo, Lm, Mn, Mc and Nd (.NET 10) outside ASCII that are not PVALID by RFC
/// 5892 for Unicode 17 (idnadata of the Python package idna 3.13), joined over gaps that hold no character of these categories:
/// check the category first.</remarks>
internal static class DisallowedLetters
{
    // First and last of each range.
    private static ReadOnlySpan<int> Ranges =>
    [
        0x00AA, 0x00BA, 0x0133, 0x0133, 0x0140, 0x0140, 0x0149, 0x0149, 0x017F, 0x017F, 0x01C6, 0x01CC,
        0x01F3, 0x01F3, 0x02B0, 0x02B8, 0x02E0, 0x02E4, 0x0340, 0x0341, 0x0343, 0x0345, 0x034F, 0x034F,
        0x0374, 0x0374, 0x037A, 0x037A, 0x03D0, 0x03D6, 0x03F0, 0x03F2, 0x03F5, 0x03F5, 0x0587, 0x0587,
        0x0640, 0x0640, 0x0660, 0x0669, 0x0675, 0x0678, 0x06F0, 0x06F9, 0x07FA, 0x07FA, 0x0958, 0x095F,
        0x09DC, 0x09DF, 0x0A33, 0x0A33, 0x0A36, 0x0A36, 0x0A59, 0x0A5B, 0x0A5E, 0x0A5E, 0x0B5C, 0x0B5D,
        0x0E33, 0x0E33, 0x0EB3, 0x0EB3, 0x0EDC, 0x0EDD, 0x0F43, 0x0F43, 0x0F4D, 0x0F4D, 0x0F52, 0x0F52,
        0x0F57, 0x0F57, 0x0F5C, 0x0F5C, 0x0F69, 0x0F69, 0x0F73, 0x0F73, 0x0F75, 0x0F79, 0x0F81, 0x0F81,
        0x0F93, 0x0F93, 0x0F9D, 0x0F9D, 0x0FA2, 0x0FA2, 0x0FA7, 0x0FA7, 0x0FAC, 0x0FAC, 0x0FB9, 0x0FB9,
        0x10FC, 0x10FC, 0x1100, 0x11FF, 0x13F8, 0x13FD, 0x17B4, 0x17B5, 0x180B, 0x180F, 0x1C80, 0x1C88,
        0x1D2C, 0x1D2E, 0x1D30, 0x1D3A, 0x1D3C, 0x1D4D, 0x1D4F, 0x1D6A, 0x1D78, 0x1D78, 0x1D9B, 0x1DBF,
        0x1E9A, 0x1E9B, 0x1F71, 0x1F71, 0x1F73, 0x1F73, 0x1F75, 0x1F75, 0x1F77, 0x1F77, 0x1F79, 0x1F79,
        0x1F7B, 0x1F7B, 0x1F7D, 0x1FA7, 0x1FB2, 0x1FB4, 0x1FB7, 0x1FC4, 0x1FC7, 0x1FC7, 0x1FD3, 0x1FD3,
        0x1FE3, 0x1FE3, 0x1FF2, 0x1FF4, 0x1FF7, 0x2149, 0x2C7C, 0x2C7D, 0x2D6F, 0x2D6F, 0x302E, 0x303B,
        0x309F, 0x309F, 0x30FF, 0x30FF, 0x3131, 0x318E, 0xA69C, 0xA69D, 0xA770, 0xA770, 0xA7F2, 0xA7F4,
        0xA7F8, 0xA7F9, 0xA960, 0xA97C, 0xAB5C, 0xAB5F, 0xAB69, 0xABBF, 0xD7B0, 0xFA0D, 0xFA10, 0xFA10,
        0xFA12, 0xFA12, 0xFA15, 0xFA1E, 0xFA20, 0xFA20, 0xFA22, 0xFA22, 0xFA25, 0xFA26, 0xFA2A, 0xFB1D,
        0xFB1F, 0xFE0F, 0xFE70, 0xFE72, 0xFE74, 0xFFDC, 0x10781, 0x107BA, 0x1CCF0, 0x1CCF9, 0x1D165, 0x1D7FF,
        0x1E030, 0x1E06D, 0x1EE00, 0x1FBF9, 0x2F800, 0x2FA1D, 0xE0100, 0xE01EF,
    ];

    /// <summary>Says whether a letter, mark or digit outside ASCII is forbidden.</summary>
    public static bool Contains(int scalar)
    {
        int index = Ranges.BinarySearch(scalar);
        // A hit is an end of a range; a miss between a first (even) and a last (odd) is inside one.
        return index >= 0 || (~index & 1) == 1;
    }
}
