using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace ServerlessCA.Core.Records;

/// <summary>A certificate's serial number: a positive integer of at most 20 octets
/// (RFC 5280 §4.1.2.2). Written as decimal digits wherever people or tables see it.</summary>
public readonly record struct SerialNumber : IComparable<SerialNumber>
{
    /// <summary>Octets of the DER integer at most, the sign octet included (RFC 5280 §4.1.2.2).</summary>
    public const int MaxOctets = 20;

    private const int MaxDigits = 64; // 20 octets have at most 49 digits

    private SerialNumber(BigInteger value) => Value = value;

    /// <summary>The number itself.</summary>
    public BigInteger Value { get; }

    /// <summary>Makes a serial number of a positive integer that fits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or over 20 octets.</exception>
    public static SerialNumber Of(BigInteger value) =>
        Fits(value) ? new(value) : throw new ArgumentOutOfRangeException(nameof(value));

    /// <summary>Reads decimal digits, as the table holds them.</summary>
    public static bool TryParse([NotNullWhen(true)] string? digits, out SerialNumber serial)
    {
        BigInteger value = default;

        // BigInteger alone would take trailing NULs.
        bool read = digits is { Length: > 0 and <= MaxDigits } && digits.All(char.IsAsciiDigit)
            && BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && Fits(value);
        serial = read ? new(value) : default;
        return read;
    }

    /// <summary>Reads decimal digits, as the table holds them.</summary>
    /// <exception cref="FormatException">Not decimal digits of a number that fits.</exception>
    public static SerialNumber Parse(string digits) =>
        TryParse(digits, out SerialNumber serial) ? serial : throw new FormatException($"'{digits}' is not a serial number");

    /// <inheritdoc/>
    public int CompareTo(SerialNumber other) => Value.CompareTo(other.Value);

    /// <summary>Decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    private static bool Fits(BigInteger value) => value.Sign > 0 && value.GetByteCount() <= MaxOctets;

    /// <summary>By number.</summary>
    public static bool operator <(SerialNumber left, SerialNumber right) => left.CompareTo(right) < 0;

    /// <summary>By number.</summary>
    public static bool operator >(SerialNumber left, SerialNumber right) => left.CompareTo(right) > 0;

    /// <summary>By number.</summary>
    public static bool operator <=(SerialNumber left, SerialNumber right) => left.CompareTo(right) <= 0;

    /// <summary>By number.</summary>
    public static bool operator >=(SerialNumber left, SerialNumber right) => left.CompareTo(right) >= 0;
}
