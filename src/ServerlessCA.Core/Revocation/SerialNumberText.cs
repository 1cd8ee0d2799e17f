using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Core.Revocation;

/// <summary>Serial numbers as people write them: decimal, <c>0x…</c>, or octets in hex with colons, as openssl shows them.</summary>
public static class SerialNumberText
{
    private const int MaxLength = 64; // characters; 20 octets are 49 digits, or 59 characters with colons

    /// <summary>Reads a JSON number or text.</summary>
    public static bool TryRead(JsonElement value, out SerialNumber serial)
    {
        serial = default;
        return value.ValueKind switch
        {
            JsonValueKind.Number => TryRead(value.GetRawText(), out serial),
            JsonValueKind.String => TryRead(value.GetString()!, out serial),
            _ => false,
        };
    }

    /// <summary>Reads text.</summary>
    public static bool TryRead(string text, out SerialNumber serial)
    {
        serial = default;
        if (text.Length > MaxLength)
        {
            return false;
        }

        bool hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        string? digits = hex ? text[2..] : text.Contains(':', StringComparison.Ordinal) ? OfOctets(text) : null;
        if (digits is null)
        {
            return SerialNumber.TryParse(text, out serial);
        }

        // A leading zero keeps BigInteger from reading a high digit as a sign.
        // Alone it would take trailing NULs.
        bool read = digits.Length > 0 && digits.All(char.IsAsciiHexDigit) && BigInteger.TryParse(
            $"0{digits}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out BigInteger number)
            && SerialNumber.TryParse(number.ToString(CultureInfo.InvariantCulture), out serial);
        return read;
    }

    private static string? OfOctets(string text)
    {
        string[] octets = text.Split(':');
        return octets.All(octet => octet.Length == 2 && octet.All(char.IsAsciiHexDigit)) ? string.Concat(octets) : null;
    }
}
