using System.Text;

namespace ServerlessCA.Slack;

/// <summary>Slack's limits, in characters (docs.slack.dev, Block Kit), and text that keeps them.</summary>
public static class SlackLimits
{
    /// <summary>A header block's text.</summary>
    public const int Header = 150;

    /// <summary>A section block's text.</summary>
    public const int Section = 3000;

    /// <summary>One field of a section.</summary>
    public const int Field = 2000;

    /// <summary>Fields of a section.</summary>
    public const int FieldCount = 10;

    /// <summary>Blocks of a message.</summary>
    public const int BlockCount = 50;

    /// <summary>The plain text of a message: what notifications on screens show.</summary>
    public const int Text = 3000;

    /// <summary>An unknown message's JSON (contract section 9).</summary>
    public const int CodeBlock = 2900;

    /// <summary>Escapes Slack's three control characters, so that names cannot mention channels or people.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Escapes and cuts: never over the limit, never through an escape or a surrogate pair.</summary>
    public static string Fit(string text, int limit)
    {
        string escaped = Escape(text);
        return escaped.Length <= limit ? escaped : string.Concat(FitExactly(text, limit - 1), "…");
    }

    /// <summary>The same without an ellipsis.</summary>
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
