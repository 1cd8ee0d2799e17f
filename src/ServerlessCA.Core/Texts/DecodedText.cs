namespace ServerlessCA.Core.Texts;

/// <summary>Texts that the platform decoded before we see them: arguments and environment variables.</summary>
public static class DecodedText
{
    private const char Replacement = '\uFFFD'; // stands for bytes that are not UTF-8 (The Unicode Standard, section 23.8)

    /// <summary>Whether nothing was lost: no replacement character, and no half of a surrogate pair.</summary>
    public static bool IsWhole(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            bool isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            if (text[at] == Replacement || (char.IsSurrogate(text[at]) && !isPair))
            {
                return false;
            }

            at += isPair ? 1 : 0;
        }

        return true;
    }
}
