using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ServerlessCA.Core.Names;

/// <summary>Reads and writes addresses in their strict textual forms. The platform's parser also accepts <c>1.2</c>,
/// <c>0x7f.1</c>, zones, brackets and ports, which a certificate should not guess at.</summary>
internal static class IpAddressText
{
    private const int V6Groups = 8; // of 16 bits (RFC 4291 §2.2)
    private const int MaxLength = 45; // characters: six groups of four digits, and an IPv4 address

    private static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

    /// <summary>Reads IPv4 (four decimal octets without leading zeros) or IPv6 (RFC 4291 §2.2) text.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out byte[]? octets)
    {
        octets = text.Length > MaxLength ? null : text.Contains(':') ? ParseV6(text) : ParseV4(text);
        return octets is not null;
    }

    /// <summary>Reads the 4 octets of an IPv4 address; null when the text is none.</summary>
    public static byte[]? ParseV4(string text)
    {
        string[] parts = text.Split('.', 5);
        byte[] octets = new byte[4];
        if (parts.Length != octets.Length)
        {
            return null;
        }

        for (int i = 0; i < octets.Length; i++)
        {
            if (!IsPlainDecimal(parts[i])
                || !byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out octets[i]))
            {
                return null;
            }
        }

        return octets;
    }

    /// <summary>Reads the 16 octets of an IPv6 address; null when the text is none.</summary>
    public static byte[]? ParseV6(string text)
    {
        int gap = text.IndexOf("::", StringComparison.Ordinal);
        if (gap < 0)
        {
            ushort[]? all = ParseGroups(text, mayEndInV4: true);
            return all?.Length == V6Groups ? ToOctets(all, []) : null;
        }

        string tail = text[(gap + 2)..];
        ushort[]? before = ParseGroups(text[..gap], mayEndInV4: false);
        ushort[]? after = ParseGroups(tail, mayEndInV4: true);
        // The gap stands for at least one group.
        return before is not null && after is not null && before.Length + after.Length < V6Groups
            ? ToOctets(before, after)
            : null;
    }

    /// <summary>Says whether an address is an IPv4 address in its IPv6 form (RFC 4291 §2.5.5.2).</summary>
    public static bool IsMapped(ReadOnlySpan<byte> octets) => octets.Length == 2 * V6Groups && octets.StartsWith(MappedPrefix);

    /// <summary>Writes 4 octets as IPv4, 16 as IPv6 (RFC 5952).</summary>
    public static string Of(ReadOnlySpan<byte> octets)
    {
        if (octets.Length == 4)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{octets[0]}.{octets[1]}.{octets[2]}.{octets[3]}");
        }

        if (IsMapped(octets))
        {
            return $"::ffff:{Of(octets[MappedPrefix.Length..])}";
        }

        string[] groups = new string[V6Groups];
        for (int i = 0; i < V6Groups; i++)
        {
            groups[i] = BinaryPrimitives.ReadUInt16BigEndian(octets[(2 * i)..]).ToString("x", CultureInfo.InvariantCulture);
        }

        (int start, int length) = LongestZeros(groups);
        return length < 2
            ? string.Join(':', groups)
            : $"{string.Join(':', groups[..start])}::{string.Join(':', groups[(start + length)..])}";
    }

    private static (int Start, int Length) LongestZeros(string[] groups)
    {
        (int Start, int Length) longest = default;
        for (int start = 0; start < groups.Length; start++)
        {
            int length = groups[start..].TakeWhile(group => group == "0").Count();
            longest = length > longest.Length ? (start, length) : longest;
        }

        return longest;
    }

    // Other programs may read a leading zero as octal. The platform's parsers skip NULs at the end.
    private static bool IsPlainDecimal(string text) =>
        text.Length is > 0 and <= 3 && text.All(char.IsAsciiDigit) && (text[0] != '0' || text.Length == 1);

    private static ushort[]? ParseGroups(string text, bool mayEndInV4)
    {
        if (text.Length == 0)
        {
            return [];
        }

        List<ushort> groups = [];
        string[] parts = text.Split(':', V6Groups + 1);
        for (int i = 0; i < parts.Length; i++)
        {
            if (mayEndInV4 && i == parts.Length - 1 && ParseV4(parts[i]) is { } v4)
            {
                groups.Add(BinaryPrimitives.ReadUInt16BigEndian(v4));
                groups.Add(BinaryPrimitives.ReadUInt16BigEndian(v4.AsSpan(2)));
            }
            else if (parts[i].Length is > 0 and <= 4 && parts[i].All(char.IsAsciiHexDigit))
            {
                groups.Add(Convert.ToUInt16(parts[i], 16));
            }
            else
            {
                return null;
            }
        }

        return [.. groups];
    }

    private static byte[] ToOctets(ushort[] before, ushort[] after)
    {
        byte[] octets = new byte[2 * V6Groups];
        for (int i = 0; i < before.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2 * i), before[i]);
        }

        for (int i = 0; i < after.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2 * (V6Groups - after.Length + i)), after[i]);
        }

        return octets;
    }
}
