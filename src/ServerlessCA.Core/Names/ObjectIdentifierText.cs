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
        string[] written = text.Length <= MaxLength ? text.Split('.') : [];
        var arcs = new UInt128[written.Length];
        for (int i = 0; i < arcs.Length; i++)
        {
            // The platform's parser skips NULs at the end.
            if (!written[i].All(char.IsAsciiDigit)
                || !UInt128.TryParse(written[i], NumberStyles.None, CultureInfo.InvariantCulture, out arcs[i]))
            {
                return false;
            }
        }

        oid = AreRooted(arcs) ? string.Join('.', arcs) : null;
        return oid is not null;
    }

    private static bool AreRooted(UInt128[] arcs) =>
        arcs.Length >= 2
        && (arcs[0] < 2 ? arcs[1] < 40 : arcs[0] == 2 && arcs[1] <= UInt128.MaxValue - JointOffset);
}
