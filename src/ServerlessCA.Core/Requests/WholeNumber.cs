using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace ServerlessCA.Core.Requests;

/// <summary>A whole number of a request, as a JSON number or as text (contract 12.2). Text reads as it did before: white
/// space around, a sign, digits of any script with single underscores between.</summary>
public static class WholeNumber
{
    private const int MaxDigits = 100; // our decision: more is not a number anybody means

    /// <summary>Reads one; false for anything else, such as 1.9.</summary>
    public static bool TryRead(JsonElement value, out BigInteger number)
    {
        BigInteger? read = value.ValueKind switch
        {
            JsonValueKind.Number => OfNumber(value.GetRawText()),
            JsonValueKind.String => OfText(value.GetString()!.Trim()),
            _ => null,
        };
        number = read ?? 0;
        return read is not null;
    }

    private static BigInteger? OfNumber(string digits)
    {
        if (digits.Length > MaxDigits)
        {
            return null;
        }

        if (BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole))
        {
            return whole;
        }

        // 90.0 and 9e1 are whole numbers too; 1.9 is none.
        bool finite = double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real);
        return finite && double.IsInteger(real) ? new BigInteger(real) : null;
    }

    private static BigInteger? OfText(string text)
    {
        if (text.Length > MaxDigits)
        {
            return null;
        }

        var digits = new StringBuilder(text.Length);
        bool underscoreMayFollow = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool sign = digits.Length == 0 && rune.Value is '+' or '-';
            if (rune.Value == '_' && underscoreMayFollow)
            {
                underscoreMayFollow = false;
                continue;
            }

            bool digit = Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;
            if (!sign && !digit)
            {
                return null;
            }

            digits.Append(sign ? (char)rune.Value : (char)('0' + (int)Rune.GetNumericValue(rune)));
            underscoreMayFollow = digit;
        }

        bool endsWell = underscoreMayFollow; // the last rune was a digit
        return endsWell && BigInteger.TryParse(digits.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger whole)
            ? whole
            : null;
    }
}
