using System.Globalization;
using System.Text.RegularExpressions;

namespace ServerlessCA.Cli.Decoding;

/// <summary>Undoes the quoted-printable encoding of saved mail (RFC 2045 §6.7), which breaks long lines.</summary>
internal static partial class MailText
{
    /// <summary>The text; unchanged where no header tells of that encoding.</summary>
    public static string Plain(string text) => Header().IsMatch(text)
        ? Escape().Replace(SoftBreak().Replace(text, ""), escape => ((char)byte.Parse(escape.ValueSpan[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString())
        : text;

    [GeneratedRegex(@"^Content-Transfer-Encoding:\s*quoted-printable", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex(@"=[ \t]*\r?\n")]
    private static partial Regex SoftBreak();

    [GeneratedRegex("=[0-9A-F]{2}")]
    private static partial Regex Escape();
}
