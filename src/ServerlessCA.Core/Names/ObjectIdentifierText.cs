using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ServerlessCA.Core.Names;

/// <summary>Reads object identifiers in dotted decimal, such as <c>1.3.6.1.5.5.7.3.2</c> (X.660).</summary>
public static class ObjectIdentifierText
{
    /// <summary>Limits the characters; our decision: the longest registered ones are half as long, and the platform reads 64
    /// arcs, which is what fits.</summary>
    public const int MaxLength = 128;

    // DER encodes the first two arcs as one number, which is 80 plus the second arc under root 2 (X.690 §8.19.4).
    private const int JointOffset = 80;

    /// <summary>Reads dotted decimal and removes leading zeros of arcs. Requires at least two arcs; the first from 0 to 2; the
    /// second below 40 under 0 and 1 (X.660 §7.6); each within 128 bits, as UUID arcs are (X.667), since neither the platform
    /// nor the original reads larger ones back.</summary>
    public static bool TryNormalise(string text, [NotNullWhen(true)] out string? oid)
    {
        oid = null;
        if (text.Length > MaxLength)
        {
            return false;
        }

        (UInt128 first, UInt128 second, int count, bool hasZeros) = (0, 0, 0, false);
        foreach (Range at in text.AsSpan().Split('.'))
        {
            // The platform's parser skips NULs at the end.
            ReadOnlySpan<char> digits = text.AsSpan(at);
            if (digits.ContainsAnyExceptInRange('0', '9') || !UInt128.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 arc))
            {
                return false;
            }

            (first, second) = (count == 0 ? arc : first, count == 1 ? arc : second);
            hasZeros |= digits is ['0', _, ..];
            count++;
        }

        oid = count < 2 || !AreRoots(first, second) ? null : hasZeros ? WithoutZeros(text) : text;
        return oid is not null;
    }

    private static string WithoutZeros(string text) =>
        string.Join('.', text.Split('.').Select(arc => arc.TrimStart('0') is { Length: > 0 } digits ? digits : "0"));

    private static bool AreRoots(UInt128 first, UInt128 second) =>
        first < 2 ? second < 40 : first == 2 && second <= UInt128.MaxValue - JointOffset;
}
