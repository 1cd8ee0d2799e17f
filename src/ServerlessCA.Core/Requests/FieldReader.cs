using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ServerlessCA.Core.Requests;

/// <summary>Reads the fields of a request by type and notes what is wrong with each. A JSON null counts as absent
/// everywhere.</summary>
internal sealed class FieldReader(JsonElement json)
{
    private readonly List<Rejection> faults = [];
    private readonly Warnings warnings = new();

    /// <summary>Gets the faults in the order in which they were met.</summary>
    public IReadOnlyList<Rejection> Faults => faults;

    /// <summary>Gets what was left out of an otherwise good request (contract 12.8, 12.24).</summary>
    public Warnings Warnings => warnings;

    /// <summary>Notes a fault; repeats of the same fault count once.</summary>
    public void Refuse(string field, string message)
    {
        Rejection fault = Rejection.Malformed(field, message);
        if (!faults.Contains(fault))
        {
            faults.Add(fault);
        }
    }

    public void LeaveOut(string field, Func<string> what, string why) => warnings.Add(() => $"{field}: {what()} was left out: {why}");

    /// <summary>Notes a warning about something that has no effect.</summary>
    public void Ignore(string warning) => warnings.Add(() => warning);

    /// <summary>Notes the keys that have no effect, and returns those that have a warning of their own.</summary>
    public IReadOnlyList<RequestKeyFault> CheckKeys()
    {
        var keys = new List<RequestKeyFault>();
        foreach (RequestKeyFault fault in RequestKeyFault.Of(json))
        {
            if (warnings.Add(fault, one => one.Warning))
            {
                keys.Add(fault);
            }
        }

        return keys;
    }

    /// <summary>Returns a field's value; null when it is absent or JSON null.</summary>
    public JsonElement? Value(string key) =>
        json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Reads a text of at most <paramref name="maxLength"/> UTF-16 units.</summary>
    public string? Text(string key, int maxLength)
    {
        JsonElement? value = Value(key);
        if (value is not { ValueKind: JsonValueKind.String })
        {
            if (value is not null)
            {
                Refuse(key, $"{key} must be text");
            }

            return null;
        }

        string text = value.Value.GetString()!;
        if (text.Length <= maxLength)
        {
            return text;
        }

        Refuse(key, $"{key} has {text.Length} characters: at most {maxLength} are accepted");
        return null;
    }

    /// <summary>Reads octets that are written as base64, without making a text of it. Null says nothing but that the field has to be read as
    /// a text, which tells what is wrong.</summary>
    /// <param name="key">The field's name.</param>
    /// <param name="maxLength">The characters that are accepted.</param>
    public byte[]? Octets(string key, int maxLength) =>
        Value(key) is { ValueKind: JsonValueKind.String } value && JsonMarshal.GetRawUtf8Value(value).Length <= maxLength
        && value.TryGetBytesFromBase64(out byte[]? octets)
            ? octets
            : null;

    /// <summary>Reads a boolean; the texts "true" and "false" count as such (contract 12.2).</summary>
    public bool? Flag(string key)
    {
        JsonElement? value = Value(key);
        bool? flag = value is null ? null : Flag(value.Value);
        if (value is not null && flag is null)
        {
            Refuse(key, $"{key} must be true or false");
        }

        return flag;
    }

    /// <summary>Reads a boolean that is no field of the request itself.</summary>
    public static bool? Flag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when value.ValueEquals("true"u8) => true,
        JsonValueKind.String when value.ValueEquals("false"u8) => false,
        _ => null,
    };

    /// <summary>Reads the elements of a list; none when it is absent.</summary>
    /// <param name="key">The field's name.</param>
    /// <param name="maxCount">How many elements are accepted.</param>
    /// <param name="oneText">Whether a text alone counts as a list of one (contract section 5).</param>
    public IReadOnlyList<JsonElement> List(string key, int maxCount, bool oneText = false)
    {
        JsonElement? value = Value(key);
        if (value is null)
        {
            return [];
        }

        if (oneText && value.Value.ValueKind == JsonValueKind.String)
        {
            return [value.Value];
        }

        if (value.Value.ValueKind != JsonValueKind.Array)
        {
            Refuse(key, $"{key} must be a list");
            return [];
        }

        int count = value.Value.GetArrayLength();
        if (count <= maxCount)
        {
            return [.. value.Value.EnumerateArray()];
        }

        Refuse(key, $"{key} has {count} elements: at most {maxCount} are accepted");
        return [];
    }
}

/// <summary>Reads whole numbers of a request, given as a JSON number or as text (contract 12.2). Text may have what the
/// original accepted: white space around, a sign, digits of any script with single underscores between.</summary>
public static class WholeNumber
{
    private const int MaxDigits = 100; // our decision: no lifetime needs more

    /// <summary>Reads a number; fails for anything else, such as 1.9.</summary>
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
