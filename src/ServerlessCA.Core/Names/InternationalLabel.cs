using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ServerlessCA.Core.Names;

/// <summary>Turns a label outside ASCII into its A-label (RFC 5890 §2.3.2.1), after lower-casing it. Takes only
/// what IDNA 2008 calls valid (RFC 5892): no symbols, emoji, disguised ASCII letters or joiners. What is
/// refused can still be given as an A-label.</summary>
internal static class InternationalLabel
{
    /// <summary>The label in ASCII; an ASCII label comes back as it is, its length and shape unchecked.</summary>
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

    // Labels are in NFC (RFC 5891 §4.2.1). Without ICU nothing here can normalise, so the marks that melt into the
    // letter before them are refused. The few two-part vowel signs of Indic scripts are not looked at: written in
    // two parts they make an A-label that no client asks for.
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
            // Nothing is left that it would map: this is only the Punycode of RFC 3492.
            return new IdnMapping { AllowUnassigned = true, UseStd3AsciiRules = true }.GetAscii(lower);
        }
        catch (ArgumentException)
        {
            return null; // over 63 octets
        }
    }
}
