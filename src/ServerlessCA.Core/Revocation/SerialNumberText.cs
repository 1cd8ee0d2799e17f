using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Reads serial numbers as people write them (contract 12.22): digits alone are decimal, as in the table; <c>0x…</c>,
/// octets with colons and bare hex digits are hexadecimal, as openssl and browsers show them. Blanks do not matter.</summary>
public static class SerialNumberText
{
    /// <summary>Limits the characters of the text; 20 octets are 48 digits, or 59 characters with colons.</summary>
    internal const int MaxLength = 128;

    private const string Prefix = "serial="; // what openssl x509 -serial prints, in hexadecimal

    /// <summary>Reads a JSON number or text.</summary>
    public static bool TryRead(JsonElement value, out SerialReading reading)
    {
        reading = default;
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText().All(char.IsAsciiDigit) && TryRead(value.GetRawText(), out reading), // 1e3 is no hex
            JsonValueKind.String => TryRead(value.GetString()!, out reading),
            _ => false,
        };
    }

    /// <summary>Reads text as the number that it most likely means.</summary>
    public static bool TryRead(string text, out SerialNumber serial)
    {
        bool read = TryRead(text, out SerialReading reading);
        serial = reading.Number;
        return read;
    }

    /// <summary>Reads text with both numbers that it may mean.</summary>
    public static bool TryRead(string text, out SerialReading reading)
    {
        reading = default;
        if (text.Length > MaxLength)
        {
            return false;
        }

        string bare = string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
        bool fromOpenSsl = bare.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
        bare = fromOpenSsl ? bare[Prefix.Length..] : bare;
        bool marked = bare.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        string? digits = marked ? bare[2..] : bare.Contains(':', StringComparison.Ordinal) ? OfOctets(bare) : bare;
        SerialNumber? hex = digits is null ? null : OfHex(digits);
        SerialNumber? number = digits == bare && SerialNumber.TryParse(digits, out SerialNumber read) ? read : null;
        (SerialNumber? first, SerialNumber? second) = fromOpenSsl ? (hex, number) : (number, hex);
        if ((first ?? second) is not { } likely)
        {
            return false;
        }

        reading = new SerialReading(likely, first is null || second == first ? null : second);
        return true;
    }

    private static SerialNumber? OfHex(string digits)
    {
        // With a leading zero, BigInteger does not read a high digit as a sign.
        // BigInteger alone would take trailing NULs.
        return digits.Length > 0 && digits.All(char.IsAsciiHexDigit)
            && BigInteger.TryParse($"0{digits}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger number)
            && SerialNumber.TryParse(number.ToString(CultureInfo.InvariantCulture), out SerialNumber serial)
            ? serial
            : null;
    }

    private static string? OfOctets(string text)
    {
        string[] octets = text.Split(':');
        return octets.All(octet => octet.Length == 2 && octet.All(char.IsAsciiHexDigit)) ? string.Concat(octets) : null;
    }
}

/// <summary>Holds what a written serial number may mean. Immutable.</summary>
/// <param name="Number">The likely number.</param>
/// <param name="Otherwise">The number that it means if no certificate has the likely one; null when there is no doubt.</param>
public readonly record struct SerialReading(SerialNumber Number, SerialNumber? Otherwise)
{
    /// <summary>Lists both, the likely one first.</summary>
    public IEnumerable<SerialNumber> InTurn => Otherwise is { } other ? [Number, other] : [Number];
}
