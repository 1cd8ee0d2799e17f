using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Core.Records;

/// <summary>Is a certificate's serial number: a positive integer of at most 20 octets (RFC 5280 §4.1.2.2). It is written as
/// decimal digits wherever people or tables see it. A value type without an object of its own, since a CRL has millions of
/// them.</summary>
public readonly record struct SerialNumber : IComparable<SerialNumber>
{
    /// <summary>Limits the octets of the DER integer, the sign octet included (RFC 5280 §4.1.2.2).</summary>
    public const int MaxOctets = 20;

    /// <summary>Is the largest serial number, 2^159 - 1.</summary>
    public static readonly SerialNumber Largest = Of((BigInteger.One << ((8 * MaxOctets) - 1)) - 1);

    private const int MaxDigits = 64; // 20 octets have at most 49 digits
    private const int DigitsAtOnce = 9; // what a 32-bit word holds

    // 20 octets in 24: a UInt128 would be aligned to 16 and need 32.
    private readonly ulong high; // bits 96 to 159
    private readonly ulong middle; // bits 32 to 95
    private readonly uint low;

    private SerialNumber(ReadOnlySpan<byte> all)
    {
        high = BinaryPrimitives.ReadUInt64BigEndian(all);
        middle = BinaryPrimitives.ReadUInt64BigEndian(all[8..]);
        low = BinaryPrimitives.ReadUInt32BigEndian(all[16..]);
    }

    private SerialNumber(ulong small) => (middle, low) = (small >> 32, (uint)small);

    /// <summary>Gets the number itself.</summary>
    public BigInteger Value => ((BigInteger)high << 96) + ((BigInteger)middle << 32) + low;

    /// <summary>Gets the 64 most significant of the 160 bits, enough to order nearly all.</summary>
    internal ulong Prefix => high;

    /// <summary>Makes a serial number of a positive integer that fits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive, or over 20 octets.</exception>
    public static SerialNumber Of(BigInteger value) =>
        Fits(value) ? FromBigEndian(value.ToByteArray(isBigEndian: true)) : throw new ArgumentOutOfRangeException(nameof(value));

    /// <summary>Reads decimal digits, as the table holds them.</summary>
    public static bool TryParse([NotNullWhen(true)] string? digits, out SerialNumber serial) => TryParse(digits.AsSpan(), out serial);

    /// <summary>Reads decimal digits, as the table holds them.</summary>
    public static bool TryParse(ReadOnlySpan<char> digits, out SerialNumber serial)
    {
        serial = default;
        if (digits.Length is 0 or > MaxDigits || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false; // the platform alone would take trailing NULs
        }

        if (ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong small))
        {
            serial = new SerialNumber(small);
            return small != 0;
        }

        bool fits = BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger value) && Fits(value);
        serial = fits ? Of(value) : default;
        return fits;
    }

    /// <summary>Reads decimal digits, as the table holds them.</summary>
    /// <exception cref="FormatException">The text is not decimal digits of a number that fits.</exception>
    public static SerialNumber Parse(string digits) =>
        TryParse(digits, out SerialNumber serial) ? serial : throw new FormatException($"'{digits}' is not a serial number");

    /// <summary>Makes a serial number of big-endian octets of a positive integer, as DER holds them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive, or over 20 octets.</exception>
    public static SerialNumber FromBigEndian(ReadOnlySpan<byte> octets)
    {
        if (octets.Length is 0 or > MaxOctets || (octets[0] & 0x80) != 0 || !octets.ContainsAnyExcept((byte)0))
        {
            throw new ArgumentOutOfRangeException(nameof(octets));
        }

        Span<byte> all = stackalloc byte[MaxOctets];
        all.Clear();
        octets.CopyTo(all[^octets.Length..]);
        return new SerialNumber(all);
    }

    /// <summary>Writes all 20 octets, most significant first, with leading zeros.</summary>
    public void WriteBigEndian(Span<byte> octets)
    {
        BinaryPrimitives.WriteUInt64BigEndian(octets, high);
        BinaryPrimitives.WriteUInt64BigEndian(octets[8..], middle);
        BinaryPrimitives.WriteUInt32BigEndian(octets[16..], low);
    }

    /// <inheritdoc/>
    public int CompareTo(SerialNumber other)
    {
        int byHigh = high.CompareTo(other.high);
        int byMiddle = byHigh != 0 ? byHigh : middle.CompareTo(other.middle);
        return byMiddle != 0 ? byMiddle : low.CompareTo(other.low);
    }

    /// <summary>Returns the decimal digits.</summary>
    public override string ToString()
    {
        // Without a BigInteger: a CRL or a list may have millions of them.
        Span<uint> number = [(uint)(high >> 32), (uint)high, (uint)(middle >> 32), (uint)middle, low];
        Span<char> digits = stackalloc char[MaxDigits];
        int first = digits.Length;
        do
        {
            first -= DigitsAtOnce;
            Divide(number).TryFormat(digits[first..], out _, "D9", CultureInfo.InvariantCulture);
        }
        while (number.ContainsAnyExcept(0u));

        return string.Concat(digits[first..^1].TrimStart('0'), digits[^1..]);
    }

    // Divides a number, its most significant word first, by 10^9, and returns the remainder.
    private static uint Divide(Span<uint> number)
    {
        ulong rest = 0;
        for (int i = 0; i < number.Length; i++)
        {
            (ulong quotient, rest) = Math.DivRem((rest << 32) | number[i], 1_000_000_000UL);
            number[i] = (uint)quotient;
        }

        return (uint)rest;
    }

    private static bool Fits(BigInteger value) => value.Sign > 0 && value.GetByteCount() <= MaxOctets;

    /// <summary>Compares by number.</summary>
    public static bool operator <(SerialNumber left, SerialNumber right) => left.CompareTo(right) < 0;

    /// <summary>Compares by number.</summary>
    public static bool operator >(SerialNumber left, SerialNumber right) => left.CompareTo(right) > 0;

    /// <summary>Compares by number.</summary>
    public static bool operator <=(SerialNumber left, SerialNumber right) => left.CompareTo(right) <= 0;

    /// <summary>Compares by number.</summary>
    public static bool operator >=(SerialNumber left, SerialNumber right) => left.CompareTo(right) >= 0;
}

/// <summary>Draws serial numbers from the system's CSPRNG: 159 random bits, written in DER as exactly 20 octets (RFC 5280
/// §4.1.2.2; CA/Browser Forum BR §7.1 asks for 64 bits). Safe for concurrent use.</summary>
public sealed class RandomSerialSource : ISerialSource
{
    /// <inheritdoc/>
    public SerialNumber Draw()
    {
        Span<byte> octets = stackalloc byte[SerialNumber.MaxOctets];
        do
        {
#pragma warning disable RS0030 // The one place that draws serial numbers; use cases take it as ISerialSource.
            RandomNumberGenerator.Fill(octets);
#pragma warning restore RS0030
            octets[0] &= 0x7f; // the sign bit: a serial number is positive
        }
        while (octets[0] == 0); // one draw in 128: every serial has the same length

        return SerialNumber.FromBigEndian(octets);
    }
}
