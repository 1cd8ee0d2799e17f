using System.Globalization;
using System.Text;

namespace ServerlessCA.Core.Names;

/// <summary>A name as it is compared with another: equal when the names are one. Our own folding, since the programs run
/// without ICU: <see cref="string.Normalize()"/> would leave most of it as it is. Immutable.</summary>
public readonly record struct FoldedName
{
    private FoldedName(string text) => Text = text;

    /// <summary>The folded text: to compare, not to show.</summary>
    public string Text { get; }

    /// <summary>Folds case, white space (trimmed, runs made one blank) and width: names that a person would type for
    /// each other (contract 12.22).</summary>
    public static FoldedName OfSpelling(string name) => new(Fold(name, looks: false));

    /// <summary>Folds, besides, other compatibility forms of ASCII and drops characters that nobody sees: names that look
    /// alike to a reader or a program (contract 12.20, RFC 4518 §2).</summary>
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
                AppendCaseless(folded, (looks ? AsciiForms.Of(character) : null) ?? OfUsualWidth(character).ToString());
            }
        }

        return folded.ToString();
    }

    // Upper-case first: some letters, such as the final sigma, share only that.
    private static void AppendCaseless(StringBuilder folded, string text)
    {
        foreach (Rune character in text.EnumerateRunes())
        {
            folded.Append(Rune.ToLowerInvariant(Rune.ToUpperInvariant(character)));
        }
    }

    private static Rune OfUsualWidth(Rune character)
    {
        for (int i = 0; character.Value >= WidthForms[0] && i < WidthForms.Length; i += 3)
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
        // Found: an end of a range. Between a first (even) and a last (odd): inside one.
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
