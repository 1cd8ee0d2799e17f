using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace ServerlessCA.Conformance.Der;

/// <summary>Reads and writes PEM blocks (RFC 7468).</summary>
public static partial class Pem
{
    private const int LineLength = 64; // RFC 7468 §2

    /// <summary>Finds blocks in text: group 1 is the label, group 2 the text between the lines of dashes.</summary>
    [GeneratedRegex("-----BEGIN ([A-Z0-9 ]+)-----\r?\n(.*?)-----END \\1-----", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    public static partial Regex Blocks { get; }

    /// <summary>Writes a block with lines as RFC 7468 has them, without a final newline.</summary>
    public static string Block(string label, ReadOnlySpan<byte> der)
    {
        string body = Convert.ToBase64String(der);
        var text = new StringBuilder($"-----BEGIN {label}-----\n");
        for (int at = 0; at < body.Length; at += LineLength)
        {
            text.Append(body.AsSpan(at, Math.Min(LineLength, body.Length - at))).Append('\n');
        }

        if (body.Length == 0)
        {
            text.Append('\n');
        }

        return text.Append($"-----END {label}-----").ToString();
    }
}

/// <summary>Reads Base64 as the vectors' tools read it inside PEM: characters outside the alphabet are skipped, and reading ends
/// at the padding. Stricter readers would describe odd PEM differently than the expected results do.</summary>
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
