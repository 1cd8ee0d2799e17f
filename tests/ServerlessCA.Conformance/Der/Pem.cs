using System.Text;
using System.Text.RegularExpressions;

namespace ServerlessCA.Conformance.Der;

/// <summary>PEM blocks (RFC 7468).</summary>
public static partial class Pem
{
    private const int LineLength = 64; // RFC 7468 §2

    /// <summary>Finds blocks in text: group 1 is the label, group 2 what is between the lines of dashes.</summary>
    [GeneratedRegex("-----BEGIN ([A-Z0-9 ]+)-----\r?\n(.*?)-----END \\1-----", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    public static partial Regex Blocks { get; }

    /// <summary>A block with lines as RFC 7468 has them, without a final newline.</summary>
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
