using System.Text;

namespace ServerlessCA.Local.Delivery;

/// <summary>Turns text from outside into one line for a console, a header or a list: without control characters, line
/// separators and characters that change the direction of writing.</summary>
internal static class OneLine
{
    private const int MaxReason = 300; // characters; our decision

    /// <summary>Returns a reason as one line.</summary>
    public static string Of(string text) => Of(text, MaxReason);

    /// <summary>Returns at most so many characters; a longer text ends with an ellipsis.</summary>
    public static string Of(string text, int max)
    {
        var line = new StringBuilder(Math.Min(text.Length, max));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > max - 1 && line.Length + rune.Utf16SequenceLength < text.Length)
            {
                return line.Append('…').ToString();
            }

            line.Append(Misleads(rune) ? " " : rune.ToString());
        }

        return line.ToString();
    }

    private static bool Misleads(Rune rune) =>
        Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 or (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069);
}
