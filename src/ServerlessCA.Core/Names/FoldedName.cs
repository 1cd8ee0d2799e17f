using System.Globalization;
using System.Text;

namespace ServerlessCA.Core.Names;

/// <summary>A name, folded for comparison: equal when two names count as one. We fold ourselves, since the programs run without
/// ICU and <see cref="string.Normalize()"/> would change little. Immutable.</summary>
public readonly record struct FoldedName
{
    private FoldedName(string text) => Text = text;

    /// <summary>Gets the folded text, which is for comparing, not for showing.</summary>
    public string Text { get; }

    /// <summary>Folds case, white space (trimmed, runs made one blank) and width. Equal are names that a person may type for
    /// each other (contract 12.22).</summary>
    public static FoldedName OfSpelling(string name) => new(Fold(name, looks: false));

    /// <summary>Folds also other compatibility forms of ASCII, and drops invisible characters. Equal are names that look alike
    /// to a reader or a program (contract 12.20, RFC 4518 §2).</summary>
    public static FoldedName OfLook(string name) => new(Fold(name, looks: true));

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static string Fold(string name, bool looks)
    {
        var folded = new StringBuilder(name.Length);
        bool blank = false;
        foreach (Rune character in name.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(character))
            {
                blank = folded.Length > 0;
            }
            else if (!looks || !IsInvisible(character))
            {
                folded.Append(blank ? " " : "");
                blank = false;
                if (looks && AsciiForms.Of(character) is { } ascii)
                {
                    AppendCaseless(folded, ascii);
                }
                else
                {
                    AppendCaseless(folded, OfUsualWidth(character));
                }
            }
        }

        return folded.ToString();
    }

    private static void AppendCaseless(StringBuilder folded, string text)
    {
        foreach (Rune character in text.EnumerateRunes())
        {
            AppendCaseless(folded, character);
        }
    }

    // Upper-cases first: some letters, such as the final sigma, are equal only in upper case. Nothing is allocated for a character: a text may
    // have a million of them.
    private static void AppendCaseless(StringBuilder folded, Rune character)
    {
        Span<char> units = stackalloc char[2];
        int count = Rune.ToLowerInvariant(Rune.ToUpperInvariant(character)).EncodeToUtf16(units);
        folded.Append(units[..count]);
    }

    private static Rune OfUsualWidth(Rune character)
    {
        if (character.Value < WidthForms[0] || character.Value > WidthForms[^2])
        {
            return character;
        }

        for (int i = 0; i < WidthForms.Length; i += 3)
        {
            if (character.Value >= WidthForms[i] && character.Value <= WidthForms[i + 1])
            {
                return new Rune(WidthForms[i + 2] + character.Value - WidthForms[i]);
            }
        }

        return character;
    }

    private static bool IsInvisible(Rune character)
    {
        if (Rune.GetUnicodeCategory(character) == UnicodeCategory.Control)
        {
            return true;
        }

        int index = Invisible.BinarySearch(character.Value);
        // A hit is an end of a range; a miss between a first (even) and a last (odd) is inside one.
        return index >= 0 || (~index & 1) == 1;
    }

    // Default_Ignorable_Code_Point (Unicode 17) and the interlinear annotation characters (RFC 4518 §2.2): first and last
    // of each range.
    private static ReadOnlySpan<int> Invisible =>
    [
        0x00AD, 0x00AD, 0x034F, 0x034F, 0x061C, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180F,
        0x200B, 0x200F, 0x202A, 0x202E, 0x2060, 0x206F, 0x3164, 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFEFF,
        0xFFA0, 0xFFA0, 0xFFF0, 0xFFFC, 0x1BCA0, 0x1BCA3, 0x1D173, 0x1D17A, 0xE0000, 0xE0FFF,
    ];

    // Decompositions <wide> and <narrow> (Unicode 17): first and last of each run, and what the first stands for.
    private static ReadOnlySpan<int> WidthForms =>
    [
        0xFF01, 0xFF5E, 0x0021,
        0xFF5F, 0xFF60, 0x2985, 0xFF61, 0xFF61, 0x3002, 0xFF62, 0xFF63, 0x300C, 0xFF64, 0xFF64, 0x3001,
        0xFF65, 0xFF65, 0x30FB, 0xFF66, 0xFF66, 0x30F2, 0xFF67, 0xFF67, 0x30A1, 0xFF68, 0xFF68, 0x30A3,
        0xFF69, 0xFF69, 0x30A5, 0xFF6A, 0xFF6A, 0x30A7, 0xFF6B, 0xFF6B, 0x30A9, 0xFF6C, 0xFF6C, 0x30E3,
        0xFF6D, 0xFF6D, 0x30E5, 0xFF6E, 0xFF6E, 0x30E7, 0xFF6F, 0xFF6F, 0x30C3, 0xFF70, 0xFF70, 0x30FC,
        0xFF71, 0xFF71, 0x30A2, 0xFF72, 0xFF72, 0x30A4, 0xFF73, 0xFF73, 0x30A6, 0xFF74, 0xFF74, 0x30A8,
        0xFF75, 0xFF76, 0x30AA, 0xFF77, 0xFF77, 0x30AD, 0xFF78, 0xFF78, 0x30AF, 0xFF79, 0xFF79, 0x30B1,
        0xFF7A, 0xFF7A, 0x30B3, 0xFF7B, 0xFF7B, 0x30B5, 0xFF7C, 0xFF7C, 0x30B7, 0xFF7D, 0xFF7D, 0x30B9,
        0xFF7E, 0xFF7E, 0x30BB, 0xFF7F, 0xFF7F, 0x30BD, 0xFF80, 0xFF80, 0x30BF, 0xFF81, 0xFF81, 0x30C1,
        0xFF82, 0xFF82, 0x30C4, 0xFF83, 0xFF83, 0x30C6, 0xFF84, 0xFF84, 0x30C8, 0xFF85, 0xFF8A, 0x30CA,
        0xFF8B, 0xFF8B, 0x30D2, 0xFF8C, 0xFF8C, 0x30D5, 0xFF8D, 0xFF8D, 0x30D8, 0xFF8E, 0xFF8E, 0x30DB,
        0xFF8F, 0xFF93, 0x30DE, 0xFF94, 0xFF94, 0x30E4, 0xFF95, 0xFF95, 0x30E6, 0xFF96, 0xFF9B, 0x30E8,
        0xFF9C, 0xFF9C, 0x30EF, 0xFF9D, 0xFF9D, 0x30F3, 0xFF9E, 0xFF9F, 0x3099, 0xFFA0, 0xFFA0, 0x3164,
        0xFFA1, 0xFFBE, 0x3131, 0xFFC2, 0xFFC7, 0x314F, 0xFFCA, 0xFFCF, 0x3155, 0xFFD2, 0xFFD7, 0x315B,
        0xFFDA, 0xFFDC, 0x3161, 0xFFE0, 0xFFE1, 0x00A2, 0xFFE2, 0xFFE2, 0x00AC, 0xFFE3, 0xFFE3, 0x00AF,
        0xFFE4, 0xFFE4, 0x00A6, 0xFFE5, 0xFFE5, 0x00A5, 0xFFE6, 0xFFE6, 0x20A9, 0xFFE8, 0xFFE8, 0x2502,
        0xFFE9, 0xFFEC, 0x2190, 0xFFED, 0xFFED, 0x25A0, 0xFFEE, 0xFFEE, 0x25CB,
    ];
}

/// <summary>Maps characters to the ASCII that they stand for: full-width, mathematical, circled and superscript forms,
/// ligatures and the like. The table is our own, since the programs run without ICU (contract 12.20).</summary>
/// <remarks>It has the characters outside ASCII whose compatibility decomposition (NFKD, Unicode 17) is printable ASCII without
/// white space.</remarks>
internal static class AsciiForms
{
    private static readonly Dictionary<int, string> Words = WordRuns
        .SelectMany(run => run.Words.Split(' ').Select((word, i) => (Scalar: run.First + i, word)))
        .ToDictionary(form => form.Scalar, form => form.word);

    // First and last of each run of forms, and the ASCII character that the first stands for.
    private static ReadOnlySpan<int> Runs =>
    [
        0x00AA, 0x00AA, 'a', 0x00B2, 0x00B3, '2', 0x00B9, 0x00B9, '1', 0x00BA, 0x00BA, 'o', 0x017F, 0x017F, 's',
        0x02B0, 0x02B0, 'h', 0x02B2, 0x02B2, 'j', 0x02B3, 0x02B3, 'r', 0x02B7, 0x02B7, 'w', 0x02B8, 0x02B8, 'y',
        0x02E1, 0x02E1, 'l', 0x02E2, 0x02E2, 's', 0x02E3, 0x02E3, 'x', 0x037E, 0x037E, ';', 0x1D2C, 0x1D2C, 'A',
        0x1D2E, 0x1D2E, 'B', 0x1D30, 0x1D31, 'D', 0x1D33, 0x1D3A, 'G', 0x1D3C, 0x1D3C, 'O', 0x1D3E, 0x1D3E, 'P',
        0x1D3F, 0x1D3F, 'R', 0x1D40, 0x1D41, 'T', 0x1D42, 0x1D42, 'W', 0x1D43, 0x1D43, 'a', 0x1D47, 0x1D47, 'b',
        0x1D48, 0x1D49, 'd', 0x1D4D, 0x1D4D, 'g', 0x1D4F, 0x1D4F, 'k', 0x1D50, 0x1D50, 'm', 0x1D52, 0x1D52, 'o',
        0x1D56, 0x1D56, 'p', 0x1D57, 0x1D58, 't', 0x1D5B, 0x1D5B, 'v', 0x1D62, 0x1D62, 'i', 0x1D63, 0x1D63, 'r',
        0x1D64, 0x1D65, 'u', 0x1D9C, 0x1D9C, 'c', 0x1DA0, 0x1DA0, 'f', 0x1DBB, 0x1DBB, 'z', 0x1FEF, 0x1FEF, '`',
        0x2024, 0x2024, '.', 0x2070, 0x2070, '0', 0x2071, 0x2071, 'i', 0x2074, 0x2079, '4', 0x207A, 0x207A, '+',
        0x207C, 0x207C, '=', 0x207D, 0x207E, '(', 0x207F, 0x207F, 'n', 0x2080, 0x2089, '0', 0x208A, 0x208A, '+',
        0x208C, 0x208C, '=', 0x208D, 0x208E, '(', 0x2090, 0x2090, 'a', 0x2091, 0x2091, 'e', 0x2092, 0x2092, 'o',
        0x2093, 0x2093, 'x', 0x2095, 0x2095, 'h', 0x2096, 0x2099, 'k', 0x209A, 0x209A, 'p', 0x209B, 0x209C, 's',
        0x2102, 0x2102, 'C', 0x210A, 0x210A, 'g', 0x210B, 0x210B, 'H', 0x210C, 0x210C, 'H', 0x210D, 0x210D, 'H',
        0x210E, 0x210E, 'h', 0x2110, 0x2110, 'I', 0x2111, 0x2111, 'I', 0x2112, 0x2112, 'L', 0x2113, 0x2113, 'l',
        0x2115, 0x2115, 'N', 0x2119, 0x211B, 'P', 0x211C, 0x211C, 'R', 0x211D, 0x211D, 'R', 0x2124, 0x2124, 'Z',
        0x2128, 0x2128, 'Z', 0x212A, 0x212A, 'K', 0x212C, 0x212D, 'B', 0x212F, 0x212F, 'e', 0x2130, 0x2131, 'E',
        0x2133, 0x2133, 'M', 0x2134, 0x2134, 'o', 0x2139, 0x2139, 'i', 0x2145, 0x2145, 'D', 0x2146, 0x2147, 'd',
        0x2148, 0x2149, 'i', 0x2160, 0x2160, 'I', 0x2164, 0x2164, 'V', 0x2169, 0x2169, 'X', 0x216C, 0x216C, 'L',
        0x216D, 0x216E, 'C', 0x216F, 0x216F, 'M', 0x2170, 0x2170, 'i', 0x2174, 0x2174, 'v', 0x2179, 0x2179, 'x',
        0x217C, 0x217C, 'l', 0x217D, 0x217E, 'c', 0x217F, 0x217F, 'm', 0x2460, 0x2468, '1', 0x24B6, 0x24CF, 'A',
        0x24D0, 0x24E9, 'a', 0x24EA, 0x24EA, '0', 0x2C7C, 0x2C7C, 'j', 0x2C7D, 0x2C7D, 'V', 0xA7F1, 0xA7F1, 'S',
        0xA7F2, 0xA7F2, 'C', 0xA7F3, 0xA7F3, 'F', 0xA7F4, 0xA7F4, 'Q', 0xFB29, 0xFB29, '+', 0xFE10, 0xFE10, ',',
        0xFE13, 0xFE14, ':', 0xFE15, 0xFE15, '!', 0xFE16, 0xFE16, '?', 0xFE33, 0xFE33, '_', 0xFE34, 0xFE34, '_',
        0xFE35, 0xFE36, '(', 0xFE37, 0xFE37, '{', 0xFE38, 0xFE38, '}', 0xFE47, 0xFE47, '[', 0xFE48, 0xFE48, ']',
        0xFE4D, 0xFE4D, '_', 0xFE4E, 0xFE4E, '_', 0xFE4F, 0xFE4F, '_', 0xFE50, 0xFE50, ',', 0xFE52, 0xFE52, '.',
        0xFE54, 0xFE54, ';', 0xFE55, 0xFE55, ':', 0xFE56, 0xFE56, '?', 0xFE57, 0xFE57, '!', 0xFE59, 0xFE5A, '(',
        0xFE5B, 0xFE5B, '{', 0xFE5C, 0xFE5C, '}', 0xFE5F, 0xFE5F, '#', 0xFE60, 0xFE60, '&', 0xFE61, 0xFE62, '*',
        0xFE63, 0xFE63, '-', 0xFE64, 0xFE64, '<', 0xFE65, 0xFE65, '>', 0xFE66, 0xFE66, '=', 0xFE68, 0xFE68, '\\',
        0xFE69, 0xFE6A, '$', 0xFE6B, 0xFE6B, '@', 0xFF01, 0xFF5E, '!', 0x107A5, 0x107A5, 'q', 0x1CCD6, 0x1CCEF, 'A',
        0x1CCF0, 0x1CCF9, '0', 0x1D400, 0x1D419, 'A', 0x1D41A, 0x1D433, 'a', 0x1D434, 0x1D44D, 'A',
        0x1D44E, 0x1D454, 'a', 0x1D456, 0x1D467, 'i', 0x1D468, 0x1D481, 'A', 0x1D482, 0x1D49B, 'a',
        0x1D49C, 0x1D49C, 'A', 0x1D49E, 0x1D49F, 'C', 0x1D4A2, 0x1D4A2, 'G', 0x1D4A5, 0x1D4A6, 'J',
        0x1D4A9, 0x1D4AC, 'N', 0x1D4AE, 0x1D4B5, 'S', 0x1D4B6, 0x1D4B9, 'a', 0x1D4BB, 0x1D4BB, 'f',
        0x1D4BD, 0x1D4C3, 'h', 0x1D4C5, 0x1D4CF, 'p', 0x1D4D0, 0x1D4E9, 'A', 0x1D4EA, 0x1D503, 'a',
        0x1D504, 0x1D505, 'A', 0x1D507, 0x1D50A, 'D', 0x1D50D, 0x1D514, 'J', 0x1D516, 0x1D51C, 'S',
        0x1D51E, 0x1D537, 'a', 0x1D538, 0x1D539, 'A', 0x1D53B, 0x1D53E, 'D', 0x1D540, 0x1D544, 'I',
        0x1D546, 0x1D546, 'O', 0x1D54A, 0x1D550, 'S', 0x1D552, 0x1D56B, 'a', 0x1D56C, 0x1D585, 'A',
        0x1D586, 0x1D59F, 'a', 0x1D5A0, 0x1D5B9, 'A', 0x1D5BA, 0x1D5D3, 'a', 0x1D5D4, 0x1D5ED, 'A',
        0x1D5EE, 0x1D607, 'a', 0x1D608, 0x1D621, 'A', 0x1D622, 0x1D63B, 'a', 0x1D63C, 0x1D655, 'A',
        0x1D656, 0x1D66F, 'a', 0x1D670, 0x1D689, 'A', 0x1D68A, 0x1D6A3, 'a', 0x1D7CE, 0x1D7D7, '0',
        0x1D7D8, 0x1D7E1, '0', 0x1D7E2, 0x1D7EB, '0', 0x1D7EC, 0x1D7F5, '0', 0x1D7F6, 0x1D7FF, '0',
        0x1F12B, 0x1F12B, 'C', 0x1F12C, 0x1F12C, 'R', 0x1F130, 0x1F149, 'A', 0x1FBF0, 0x1FBF9, '0',
    ];

    // Runs of forms that stand for more than one character each.
    private static (int First, string Words)[] WordRuns =>
    [
        (0x0132, "IJ ij"),
        (0x01C7, "LJ Lj lj NJ Nj nj"),
        (0x01F1, "DZ Dz dz"),
        (0x2025, ".. ..."),
        (0x203C, "!!"),
        (0x2047, "?? ?! !?"),
        (0x20A8, "Rs"),
        (0x2100, "a/c a/s"),
        (0x2105, "c/o c/u"),
        (0x2116, "No"),
        (0x2120, "SM TEL TM"),
        (0x213B, "FAX"),
        (0x2161, "II III IV"),
        (0x2165, "VI VII VIII IX"),
        (0x216A, "XI XII"),
        (0x2171, "ii iii iv"),
        (0x2175, "vi vii viii ix"),
        (0x217A, "xi xii"),
        (0x2469, "10 11 12 13 14 15 16 17 18 19 20 (1) (2) (3) (4) (5) (6) (7) (8) (9) (10) (11) (12) (13) "
            + "(14) (15) (16) (17) (18) (19) (20) 1. 2. 3. 4. 5. 6. 7. 8. 9. 10. 11. 12. 13. 14. 15. 16. "
            + "17. 18. 19. 20. (a) (b) (c) (d) (e) (f) (g) (h) (i) (j) (k) (l) (m) (n) (o) (p) (q) (r) "
            + "(s) (t) (u) (v) (w) (x) (y) (z)"),
        (0x2A74, "::= == ==="),
        (0x3250, "PTE 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35"),
        (0x32B1, "36 37 38 39 40 41 42 43 44 45 46 47 48 49 50"),
        (0x32CC, "Hg erg eV LTD"),
        (0x3371, "hPa da AU bar oV pc dm dm2 dm3 IU"),
        (0x3380, "pA nA"),
        (0x3383, "mA kA KB MB GB cal kcal pF nF"),
        (0x338E, "mg kg Hz kHz MHz GHz THz"),
        (0x3396, "ml dl kl fm nm"),
        (0x339C, "mm cm km mm2 cm2 m2 km2 mm3 cm3 m3 km3"),
        (0x33A9, "Pa kPa MPa GPa rad"),
        (0x33B0, "ps ns"),
        (0x33B3, "ms pV nV"),
        (0x33B7, "mV kV MV pW nW"),
        (0x33BD, "mW kW MW"),
        (0x33C2, "a.m. Bq cc cd"),
        (0x33C7, "Co. dB Gy ha HP in KK KM kt lm ln log lx mb mil mol PH p.m. PPM PR sr Sv Wb"),
        (0x33FF, "gal"),
        (0xFB00, "ff fi fl ffi ffl st st"),
        (0xFE19, "..."),
        (0xFE30, ".."),
        (0x1F100, "0. 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,"),
        (0x1F110, "(A) (B) (C) (D) (E) (F) (G) (H) (I) (J) (K) (L) (M) (N) (O) (P) (Q) (R) (S) (T) (U) (V) "
            + "(W) (X) (Y) (Z)"),
        (0x1F12D, "CD WZ"),
        (0x1F14A, "HV MV SD SS PPV WC"),
        (0x1F16A, "MC MD MR"),
        (0x1F190, "DJ"),
    ];

    /// <summary>Returns the ASCII that a character stands for; null when it stands for itself.</summary>
    public static string? Of(Rune character)
    {
        if (character.IsAscii)
        {
            return null; // ASCII stands for itself, and most names have nothing else
        }

        if (Words.TryGetValue(character.Value, out string? word))
        {
            return word;
        }

        ReadOnlySpan<int> runs = Runs;
        for (int i = 0; i < runs.Length; i += 3)
        {
            if (character.Value >= runs[i] && character.Value <= runs[i + 1])
            {
                return ((char)(runs[i + 2] + character.Value - runs[i])).ToString();
            }
        }

        return null;
    }
}
