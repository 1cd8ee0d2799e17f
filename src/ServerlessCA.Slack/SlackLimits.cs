using System.Text;

namespace ServerlessCA.Slack;

/// <summary>Names Slack's limits in characters (docs.slack.dev, Block Kit), and cuts texts to them.</summary>
public static class SlackLimits
{
    /// <summary>The text of a header block.</summary>
    public const int Header = 150;

    /// <summary>The text of a section block.</summary>
    public const int Section = 3000;

    /// <summary>One field of a section.</summary>
    public const int Field = 2000;

    /// <summary>The number of fields of a section.</summary>
    public const int FieldCount = 10;

    /// <summary>The number of blocks of a message.</summary>
    public const int BlockCount = 50;

    /// <summary>The plain text of a message, which notifications on screens show.</summary>
    public const int Text = 3000;

    /// <summary>The JSON of an unknown message (contract section 9).</summary>
    public const int CodeBlock = 2900;

    /// <summary>Escapes Slack's three control characters, so that names cannot mention channels or people.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Escapes a text and cuts it to the limit with an ellipsis, never through an escape or a surrogate
    /// pair.</summary>
    public static string Fit(string text, int limit)
    {
        string escaped = Escape(text);
        return escaped.Length <= limit ? escaped : string.Concat(FitExactly(text, limit - 1), "…");
    }

    /// <summary>Escapes and cuts a text as <see cref="Fit"/> does, without an ellipsis.</summary>
    public static string FitExactly(string text, int limit)
    {
        var fitted = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            string next = Escape(rune.ToString());
            if (fitted.Length + next.Length > limit)
            {
                break;
            }

            fitted.Append(next);
        }

        return fitted.ToString();
    }
}

/// <summary>Makes text from requests harmless before it is put into a message. Slack also finds mentions in plain text
/// (docs.slack.dev, text object, <c>verbatim</c>), and a line break in a name could pass for another field.</summary>
internal static class SlackText
{
    private const char WordJoiner = '\u2060'; // invisible, and no letter of any name

    private static readonly string[] Audiences = ["here", "channel", "everyone"];

    /// <summary>Returns the text as one line that mentions nobody.</summary>
    public static string Tame(string text) => Copy(text, letter => Misleads(letter) ? ' ' : letter);

    /// <summary>Replaces backticks in a text between two backticks, where Slack has no escape for them.</summary>
    public static string Code(string text) => text.Replace('`', '\'');

    /// <summary>Returns the text as the inside of a code block, with its lines.</summary>
    public static string CodeBlock(string text) => Copy(text.Replace("```", "'''", StringComparison.Ordinal), letter => letter);

    private static string Copy(string text, Func<char, char> replace)
    {
        var copy = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            copy.Append(replace(text[at]));
            if (text[at] == '@' && IsMention(text, at))
            {
                copy.Append(WordJoiner);
            }
        }

        return copy.ToString();
    }

    // Control characters, the two line separators, and characters that reverse the direction of writing.
    private static bool Misleads(char letter) =>
        char.IsControl(letter) || letter is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    // After a letter or digit it is an e-mail address.
    private static bool IsMention(string text, int at) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
        && Audiences.Any(audience => text.AsSpan(at + 1).StartsWith(audience, StringComparison.OrdinalIgnoreCase));
}
