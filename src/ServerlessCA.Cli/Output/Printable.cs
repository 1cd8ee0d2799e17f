using System.Globalization;
using System.Text;

namespace ServerlessCA.Cli.Output;

/// <summary>Makes text from any source safe to show: a common name must not clear the screen, forge a line or turn the
/// direction of the text around (CVE-2021-42574 and the like).</summary>
internal static class Printable
{
    /// <summary>Returns the text on one line, with every character that a terminal would act on escaped, such as
    /// <c>\u001b</c>.</summary>
    public static string Line(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            if (IsUnsafe(c))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                shown.Append(c);
            }
        }

        return shown.ToString();
    }

    // Control characters; line and paragraph separators; marks, embeddings, overrides and isolates of direction.
    private static bool IsUnsafe(char c) => char.IsControl(c)
        || c is '\u2028' or '\u2029' or '\u200e' or '\u200f' or '\u061c'
            or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
