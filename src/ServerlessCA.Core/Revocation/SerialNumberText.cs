using System.Buffers;
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
        bool isText = value.ValueKind == JsonValueKind.String;
        return TryRead(value.ValueKind, isText ? value.GetString()! : value.GetRawText(), out reading);
    }

    /// <summary>Reads what a JSON number or text says.</summary>
    public static bool TryRead(JsonValueKind kind, string written, out SerialReading reading)
    {
        reading = default;
        return kind switch
        {
            JsonValueKind.Number => !written.AsSpan().ContainsAnyExceptInRange('0', '9') && TryRead(written.AsSpan(), out reading), // 1e3 is no hex
            JsonValueKind.String => TryRead(written.AsSpan(), out reading),
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
    public static bool TryRead(ReadOnlySpan<char> text, out SerialReading reading)
    {
        reading = default;
        if (text.Length > MaxLength)
        {
            return false;
        }

        ReadOnlySpan<char> bare = WithoutBlanks(text, stackalloc char[MaxLength]);
        bool fromOpenSsl = bare.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
        bare = fromOpenSsl ? bare[Prefix.Length..] : bare;
        bool marked = bare.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool hasColons = bare.Contains(':');
        SerialNumber? hex = marked ? OfHex(bare[2..]) : hasColons ? OfOctets(bare) : OfHex(bare);
        SerialNumber? number = !marked && !hasColons && SerialNumber.TryParse(bare, out SerialNumber read) ? read : null;
        (SerialNumber? first, SerialNumber? second) = fromOpenSsl ? (hex, number) : (number, hex);
        if ((first ?? second) is not { } likely)
        {
            return false;
        }

        reading = new SerialReading(likely, first is null || second == first ? null : second);
        return true;
    }

    private static ReadOnlySpan<char> WithoutBlanks(ReadOnlySpan<char> text, Span<char> into)
    {
        int count = 0;
        foreach (char character in text)
        {
            if (!char.IsWhiteSpace(character))
            {
                into[count++] = character;
            }
        }

        return into[..count];
    }

    private static SerialNumber? OfHex(ReadOnlySpan<char> digits)
    {
        ReadOnlySpan<char> significant = digits.TrimStart('0');
        Span<char> all = stackalloc char[2 * SerialNumber.MaxOctets];
        Span<byte> octets = stackalloc byte[SerialNumber.MaxOctets];
        if (significant.Length == 0 || significant.Length > all.Length)
        {
            return null;
        }

        all.Fill('0');
        significant.CopyTo(all[^significant.Length..]);
        bool isRead = Convert.FromHexString(all, octets, out _, out _) == OperationStatus.Done && (octets[0] & 0x80) == 0; // a serial number is positive
        return isRead ? SerialNumber.FromBigEndian(octets) : null;
    }

    private static SerialNumber? OfOctets(ReadOnlySpan<char> text)
    {
        Span<char> digits = stackalloc char[MaxLength];
        int count = 0;
        foreach (Range at in text.Split(':'))
        {
            ReadOnlySpan<char> octet = text[at];
            if (octet.Length != 2 || !char.IsAsciiHexDigit(octet[0]) || !char.IsAsciiHexDigit(octet[1]))
            {
                return null;
            }

            octet.CopyTo(digits[count..]);
            count += 2;
        }

        return OfHex(digits[..count]);
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
