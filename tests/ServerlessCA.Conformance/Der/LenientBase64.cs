using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Conformance.Der;

/// <summary>Base64 as the vectors' tools read it inside PEM: characters outside the alphabet are passed over, and
/// reading ends at the padding. Stricter readers would describe odd PEM differently than the expected results do.</summary>
public static class LenientBase64
{
    /// <summary>Decodes; false when a group of four is not complete.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        List<byte> found = [];
        int inGroup = 0;
        int pads = 0;
        int carried = 0;
        bytes = null;
        foreach (char c in text)
        {
            if (c == '=')
            {
                if (inGroup >= 2 && inGroup + ++pads >= 4)
                {
                    bytes = [.. found];
                    return true;
                }
            }
            else if (Digit(c) is int digit and >= 0)
            {
                pads = 0;
                if (inGroup > 0)
                {
                    found.Add((byte)((carried << (2 * inGroup)) | (digit >> (6 - (2 * inGroup)))));
                }

                carried = digit & (0x3F >> (2 * inGroup));
                inGroup = (inGroup + 1) % 4;
            }
        }

        bytes = inGroup == 0 ? [.. found] : null;
        return bytes is not null;
    }

    private static int Digit(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '+' => 62,
        '/' => 63,
        _ => -1,
    };
}
